// SPDX-License-Identifier: Apache-2.0
#pragma once
// Runs a program for what it says, such as the list of its tests. It may be anybody's: it may take for ever,
// or say anything.
#include <chrono>
#include <string>

#include "cli/process.h"

namespace snag::cli {

struct said {
  ended how;
  bool timed_out = false;
  std::string output;  // standard output and error, of which 64 MB at most
};
said ask_program(signal_guard&, const command_line&, std::chrono::milliseconds patience);

}  // namespace snag::cli
