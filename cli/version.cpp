// SPDX-License-Identifier: Apache-2.0
// snag version.
#include <fmt/format.h>

#include "cli/failure.h"
#include "cli/flags.h"
#include "cli/installation.h"
#include "cli/subcommand.h"
#include "detector/hooks.h"

namespace snag::cli {

int version(const arguments& words) {
  CLI::App app("Prints the versions of Snag, of the LLVM that its plugin fits, and of the hooks.", "version");
  set_usage(app, "snag version");
  app.footer(
      "A program that mixes objects of different hooks ends at its start: compile all of it again.\n"
      "snag --version prints the same.");
  if (!parse(app, words)) return exit_success;
  fmt::print("snag {}\nLLVM {}\nhooks {}\n", SNAG_VERSION, llvm_version(), hooks::abi_version);
  return exit_success;
}

}  // namespace snag::cli
