// SPDX-License-Identifier: Apache-2.0
#pragma once
// A command of a compilation database, perhaps GCC's, as arguments that clang reads the same source with.
#include <string>
#include <vector>

namespace snag::vet {

struct surroundings {
  std::string resource_directory;  // clang's own headers
  std::string snag_headers;        // looked into last; may be empty
};

// `command[0]` is the compiler, as it was called. What clang does not know and what has nothing to do with
// reading the source is left out: outputs, dependency files, plugins, sanitizers, warnings.
std::vector<std::string> arguments_for_clang(const std::vector<std::string>& command, const surroundings&);

// Whether a compiler of that name is GCC, or may be.
bool may_be_gcc(const std::string& compiler);

}  // namespace snag::vet
