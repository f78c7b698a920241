// SPDX-License-Identifier: Apache-2.0
#include "cli/installation.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "cli/failure.h"
#include "cli/process.h"

namespace snag::cli {

namespace fs = std::filesystem;

installation installation::of_this_executable() {
  std::error_code error;
  const fs::path self = fs::read_symlink("/proc/self/exe", error);
  if (error) throw internal_error("cannot find out where snag is installed: /proc is not mounted");
  return installation(self.parent_path().parent_path());
}

void installation::require(bool race, bool deadlock) const {
  const auto check = [](const fs::path& part) {
    if (!fs::exists(part))
      throw internal_error(fmt::format(
          "its part {} is missing: build Snag again (./dev build), or install it again", part.string()));
  };
  check(include_directory() / "snag/snag.h");
  check(runtime_archive());
  if (deadlock && !race) check(deadlock_archive());
  if (!race) return;
  check(plugin());
  check(detector_archive());
}

int llvm_major() { return SNAG_LLVM_MAJOR; }
std::string llvm_version() { return SNAG_LLVM_VERSION; }

std::string find_in_path(const std::string& name) {
  const char* path = std::getenv("PATH");
  std::string_view rest = path ? path : "/usr/local/bin:/usr/bin:/bin";
  while (true) {
    const auto end = rest.find(':');
    const std::string_view directory = rest.substr(0, end);
    const fs::path candidate = fs::path(directory.empty() ? "." : directory) / name;
    std::error_code error;
    if (fs::is_regular_file(candidate, error) && access(candidate.c_str(), X_OK) == 0) return candidate;
    if (end == std::string_view::npos) return {};
    rest.remove_prefix(end + 1);
  }
}

std::string find_clang(bool cxx) {
  const std::string plain = cxx ? "clang++" : "clang";
  const std::string versioned = fmt::format("{}-{}", plain, llvm_major());
  if (std::string found = find_in_path(versioned); !found.empty()) return found;
  if (std::string found = find_in_path(plain); !found.empty()) {
    const captured answer = capture({found, "-dumpversion"});
    if (answer.status == 0 && std::atoi(answer.output.c_str()) == llvm_major()) return found;
  }
  throw internal_error(
      fmt::format("there is no {0} in PATH, and the plugin works with clang {1} only. On Debian 12: apt-get "
                  "install clang-{1}",
                  versioned, llvm_major()));
}

}  // namespace snag::cli
