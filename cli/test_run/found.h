// SPDX-License-Identifier: Apache-2.0
#pragma once
// What one process of a test found.
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace snag::cli {

struct found {
  std::string fingerprint;
  bool gates = false;
  std::vector<std::string> tests;  // during which it was seen; empty: outside of any, or nobody said
};

struct found_in_process {
  std::vector<found> findings;
  std::vector<std::string> problems;  // documents that cannot be read: what they tell is not known
  bool any_document = false;
};

// Takes in what the processes of a test wrote into a directory. `test`: whose it all is, where the programs
// do not say; empty: nobody's. `output`: what they printed, their reports among it if the disk is full.
using finding_collector = std::function<found_in_process(const std::filesystem::path& directory,
                                                         const std::string& test, const std::string& output)>;

}  // namespace snag::cli
