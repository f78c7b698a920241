// SPDX-License-Identifier: Apache-2.0
#pragma once
// Where Snag's parts are, and which compiler fits them. An installation and a build directory have the same
// layout, so the parts are found from the executable's own place:
//     PREFIX/bin/snag
//     PREFIX/include/snag/snag.h
//     PREFIX/lib/snag/{snag-plugin.so,snag-vet,libsnag.a,libsnag_race.a,libsnag_deadlock.a}
#include <filesystem>
#include <string>

namespace snag::cli {

class installation {
 public:
  explicit installation(std::filesystem::path prefix) : prefix_(std::move(prefix)) {}
  static installation of_this_executable();

  std::filesystem::path include_directory() const { return prefix_ / "include"; }
  std::filesystem::path plugin() const { return prefix_ / "lib/snag/snag-plugin.so"; }
  std::filesystem::path runtime_archive() const { return prefix_ / "lib/snag/libsnag.a"; }
  std::filesystem::path detector_archive() const { return prefix_ / "lib/snag/libsnag_race.a"; }
  std::filesystem::path deadlock_archive() const { return prefix_ / "lib/snag/libsnag_deadlock.a"; }

  std::filesystem::path vet_tool() const { return prefix_ / "lib/snag/snag-vet"; }

  void require(bool race, bool deadlock = false) const;  // throws failure if a part is missing, naming it

 private:
  std::filesystem::path prefix_;
};

// The LLVM whose plugin interface ours was built for: clang refuses, or crashes on, any other.
int llvm_major();
std::string llvm_version();

// Full path of clang (or clang++) of llvm_major(): clang++-19 in PATH, else a clang++ in PATH that says it
// is of that version. Throws failure that says how to get one.
std::string find_clang(bool cxx);

// The first executable file of that name in PATH; empty if there is none.
std::string find_in_path(const std::string& name);

}  // namespace snag::cli
