// SPDX-License-Identifier: Apache-2.0
#pragma once
// Compiling and linking a program from the words of `snag run` and `snag build`.
#include <string>

#include "cli/clang_arguments.h"
#include "cli/process.h"
#include "cli/subcommand.h"

namespace snag::cli {

struct compilation {
  bool race = false, deadlock = false;
  arguments clang;        // as the user wrote them
  clang_request request;  // what they ask for

  // Throws failure unless they name sources that exist and ask for an executable.
  compilation(const char* command, bool with_race, bool with_deadlock, arguments words);

  // What the program is called if the user did not say: the first source's name without its extension.
  std::string default_name() const;

  bool mixes_c_and_cxx() const;

  // Compiles and links; C sources of a mixed program are compiled one by one into `directory` first. The
  // status is clang's.
  ended make(signal_guard&, const std::string& directory, const std::string& output) const;

  // The one command that does it all; not for mixed programs.
  command_line single_command(const std::string& output) const;
};

}  // namespace snag::cli
