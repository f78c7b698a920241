// SPDX-License-Identifier: Apache-2.0
#include "cli/report_inputs.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "cli/failure.h"

namespace snag::cli {
namespace {

namespace fs = std::filesystem;

bool is_number(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

// findings.json, or findings.json.4711 of another process.
bool is_document(const fs::path& path) {
  const std::string extension = path.extension();
  if (extension.size() > 1 && is_number(extension.substr(1))) return path.stem().extension() == ".json";
  return extension == ".json";
}

std::vector<std::string> documents_in(const std::string& folder) {
  std::error_code error;
  std::vector<std::string> out;
  for (fs::recursive_directory_iterator at(folder, error), end; !error && at != end; at.increment(error))
    if (at->is_regular_file(error) && is_document(at->path())) out.push_back(at->path());
  if (error) throw usage_error(fmt::format("{} cannot be read: {}", folder, error.message()));
  if (out.empty()) throw usage_error(fmt::format("{} has no findings: no file ends in .json", folder));
  std::sort(out.begin(), out.end());
  return out;
}

}  // namespace

std::vector<std::string> documents_of(const std::string& path) {
  std::vector<std::string> out;
  std::error_code error;
  if (fs::exists(path, error)) out.push_back(path);
  const fs::path file(path), folder = file.has_parent_path() ? file.parent_path() : fs::path(".");
  const std::string start = file.filename().string() + ".";
  std::vector<std::string> others;
  for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    const std::string name = at->path().filename();
    if (name.starts_with(start) && is_number(name.substr(start.size())))
      others.push_back(file.has_parent_path() ? at->path().string() : name);
  }
  std::sort(others.begin(), others.end());
  out.insert(out.end(), others.begin(), others.end());
  return out;
}

report read_inputs(const std::vector<std::string>& paths, std::vector<std::string>& notes) {
  std::vector<std::string> documents;
  std::error_code error;
  for (const std::string& path : paths) {
    if (path != "-" && fs::is_directory(path, error)) {
      const auto found = documents_in(path);
      documents.insert(documents.end(), found.begin(), found.end());
    } else {
      documents.push_back(path);
    }
  }
  std::set<fs::path> seen;
  for (const std::string& path : documents) seen.insert(fs::weakly_canonical(path, error));
  report all;
  std::set<fs::path> read;
  for (const std::string& path : documents) {
    if (!read.insert(fs::weakly_canonical(path, error)).second) continue;
    merge(all, read_report(path));
    if (path == "-") continue;
    for (const std::string& other : documents_of(path))
      if (!seen.contains(fs::weakly_canonical(other, error)))
        notes.push_back(fmt::format(
            "{} was written by another process beside {}, and is not read: name it, too, or its folder",
            other, path));
  }
  return all;
}

}  // namespace snag::cli
