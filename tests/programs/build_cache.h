// SPDX-License-Identifier: Apache-2.0
#pragma once
// Programs built with the command line under test, kept under a name that changes with the source, the flags
// and every part of the toolchain, so that a second run builds nothing. Several processes may share the
// folder.
#include <filesystem>
#include <string>
#include <vector>

#include "tests/programs/expectation.h"

namespace programs {

class build_cache {
 public:
  // `parts`: files and folders whose change makes every program stale. `detector`: the flag of snag's that
  // chooses one, -race or -deadlock; empty: none. `compiler`: one that is given what `snag flags` prints;
  // empty: the one that snag starts.
  build_cache(std::filesystem::path snag, std::filesystem::path folder,
              std::vector<std::filesystem::path> parts, std::string detector = "-race",
              std::string compiler = "");

  struct built {
    std::filesystem::path program;  // empty: did not build
    std::string error;              // the compiler's words
  };
  built get(const expectation&, const std::string& optimisation) const;  // "-O0"

  // What to type to build it by hand.
  std::vector<std::string> command(const expectation&, const std::string& optimisation,
                                   const std::filesystem::path& output) const;

 private:
  const std::filesystem::path snag_, folder_;
  const std::string detector_, compiler_;
  std::vector<std::string> flags_;  // of `snag flags`, for that compiler
  std::uint64_t toolchain_ = 0;     // hash of names, sizes and times of the parts
};

}  // namespace programs
