// SPDX-License-Identifier: Apache-2.0
#include "cli/output_file.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <iostream>

#include "cli/failure.h"

namespace snag::cli {
namespace {

namespace fs = std::filesystem;

bool is_standard(const std::string& path) { return path.empty() || path == "-"; }

failure cannot_write(const std::string& path) {
  return {exit_usage, fmt::format("{} cannot be written: {}", path,
                                  errno != 0 ? std::strerror(errno) : "it is full, or closed")};
}

}  // namespace

output_file::output_file(std::string path) : path_(std::move(path)) {
  if (is_standard(path_)) return;
  std::error_code error;
  const fs::file_status there = fs::status(path_, error);
  if (!fs::exists(there) || fs::is_regular_file(there))
    temporary_ = fmt::format("{}.{}.tmp", path_, getpid());
  errno = 0;
  file_.open(temporary_.empty() ? path_ : temporary_, std::ios::binary | std::ios::trunc);
  if (!file_) throw cannot_write(path_);
}

output_file::~output_file() {
  std::error_code ignored;
  if (!temporary_.empty()) fs::remove(temporary_, ignored);
}

std::ostream& output_file::stream() { return is_standard(path_) ? std::cout : file_; }

void output_file::finish() {
  errno = 0;
  if (is_standard(path_)) {
    if (!std::cout.flush()) throw cannot_write("standard output");
    return;
  }
  file_.close();
  if (!file_) throw cannot_write(path_);
  if (temporary_.empty()) return;
  std::error_code error;
  fs::rename(temporary_, path_, error);
  if (error) throw usage_error(fmt::format("{} cannot be written: {}", path_, error.message()));
  temporary_.clear();
}

}  // namespace snag::cli
