// SPDX-License-Identifier: Apache-2.0
// snag version.
#include <fmt/format.h>

#include "cli/failure.h"
#include "cli/installation.h"
#include "cli/subcommand.h"
#include "detector/hooks.h"

namespace snag::cli {

int version(const arguments& words) {
  if (!words.empty()) throw usage_error("snag version takes no arguments");
  fmt::print("snag {}\nLLVM {}\nhooks {}\n", SNAG_VERSION, llvm_version(), hooks::abi_version);
  return exit_success;
}

}  // namespace snag::cli
