// SPDX-License-Identifier: Apache-2.0
#pragma once
// Lines of source files, for pages that show code. A file is read once; one that cannot be read, or is larger
// than any source, has no lines.
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace snag::cli {

class source_files {
 public:
  // `root`: where relative paths begin.
  explicit source_files(std::string root) : root_(std::move(root)) {}
  // False if there is no such line.
  bool line(const std::string& file, std::uint32_t number, std::string& text);

 private:
  const std::string root_;
  std::map<std::string, std::vector<std::string>> files_;
};

}  // namespace snag::cli
