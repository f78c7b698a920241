// SPDX-License-Identifier: Apache-2.0
#include "cli/source_files.h"

#include <filesystem>
#include <fstream>

namespace snag::cli {
namespace {

namespace fs = std::filesystem;
constexpr std::uintmax_t largest_file = 16 << 20;
constexpr std::size_t longest_line = 400;

std::vector<std::string> lines_of(const fs::path& path) {
  std::error_code error;
  if (!fs::is_regular_file(path, error) || fs::file_size(path, error) > largest_file) return {};
  std::ifstream in(path, std::ios::binary);
  std::vector<std::string> out;
  for (std::string line; std::getline(in, line);) {
    if (line.ends_with('\r')) line.pop_back();
    if (line.size() > longest_line) line.resize(longest_line);
    out.push_back(std::move(line));
  }
  return out;
}

}  // namespace

bool source_files::line(const std::string& file, std::uint32_t number, std::string& text) {
  auto at = files_.find(file);
  if (at == files_.end()) at = files_.emplace(file, lines_of(fs::path(root_) / file)).first;
  if (number == 0 || number > at->second.size()) return false;
  text = at->second[number - 1];
  return true;
}

}  // namespace snag::cli
