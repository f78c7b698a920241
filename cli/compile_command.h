// SPDX-License-Identifier: Apache-2.0
#pragma once
// The clang command for what a user asks of `snag c++`, `cc`, `build` or `run`: pure, so that it can be
// tested without compiling. What the user wrote comes after our own options, and so wins; libraries come
// last.
#include <string>

#include "cli/installation.h"
#include "cli/process.h"
#include "cli/subcommand.h"

namespace snag::cli {

struct compile_request {
  bool cxx = true;        // clang++ rather than clang
  bool race = false;      // with the plugin and the race detector, which looks for deadlocks, too
  bool deadlock = false;  // with the search for deadlocks alone
  arguments user;         // for clang; no flags of ours
};

// Throws failure for what cannot work: another sanitizer beside ours, another target, static linking.
command_line clang_command(const installation&, const std::string& clang, const compile_request&);

// What another compiler has to be given (`snag flags`), in the words that GCC and clang share.
arguments compile_flags(const installation&);
arguments link_flags(const installation&, bool deadlock);

}  // namespace snag::cli
