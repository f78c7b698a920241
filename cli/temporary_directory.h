// SPDX-License-Identifier: Apache-2.0
#pragma once
// A private directory in $TMPDIR (or /tmp) that goes with its object.
#include <filesystem>

namespace snag::cli {

class temporary_directory {
 public:
  temporary_directory();  // throws failure that says what to do
  ~temporary_directory();
  temporary_directory(const temporary_directory&) = delete;
  temporary_directory& operator=(const temporary_directory&) = delete;

  const std::filesystem::path& path() const { return path_; }
  // Throws failure if nothing more can be written here: what failed here may have failed for that.
  void require_space() const;

 private:
  std::filesystem::path path_;
};

}  // namespace snag::cli
