// SPDX-License-Identifier: Apache-2.0
#include "cli/test_run/test_listing.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>

#include "cli/failure.h"
#include "cli/test_run/ask_program.h"
#include "cli/test_run/googletest_output.h"
#include "cli/test_run/verdicts.h"

namespace snag::cli {
namespace {

namespace fs = std::filesystem;

class mapped_file {
 public:
  explicit mapped_file(const std::string& path) {
    const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
    struct stat status{};
    if (fd < 0 || fstat(fd, &status) != 0)
      throw usage_error(fmt::format("cannot read {}: {}", path, strerror(errno)));
    size_ = static_cast<std::size_t>(status.st_size);
    if (size_ != 0) begin_ = mmap(nullptr, size_, PROT_READ, MAP_PRIVATE, fd, 0);
    close(fd);
    if (begin_ == MAP_FAILED) throw usage_error(fmt::format("cannot read {}: {}", path, strerror(errno)));
  }
  ~mapped_file() {
    if (size_ != 0) munmap(begin_, size_);
  }
  mapped_file(const mapped_file&) = delete;
  mapped_file& operator=(const mapped_file&) = delete;
  bool starts_with(std::string_view word) const {
    return size_ >= word.size() && memcmp(begin_, word.data(), word.size()) == 0;
  }
  bool contains(std::string_view word) const {
    return size_ != 0 && memmem(begin_, size_, word.data(), word.size()) != nullptr;
  }

 private:
  void* begin_ = nullptr;
  std::size_t size_ = 0;
};

void add_googletest(signal_guard& guard, test_list& list, test_program program) {
  command_line command = program.command;
  command.push_back("--gtest_list_tests");
  const bool with_disabled =
      std::find(command.begin(), command.end(), "--gtest_also_run_disabled_tests") != command.end();
  const said listed = ask_program(guard, command, std::chrono::seconds(60));
  if (listed.timed_out || listed.how.status != 0) {
    program.problem =
        fmt::format("with --gtest_list_tests it {}, so its tests are not known{}",
                    listed.timed_out         ? "does not end"
                    : listed.how.signal != 0 ? "was killed by " + name_of_signal(listed.how.signal)
                                             : fmt::format("ended with status {}", listed.how.status),
                    listed.output.empty() ? "" : ": " + listed.output.substr(0, listed.output.find('\n')));
    program.googletest = false;
    list.cases.push_back({.program = list.programs.size(), .name = program.label});
    return list.programs.push_back(std::move(program));
  }
  std::vector<std::string> names = listed_cases(listed.output, with_disabled);
  std::sort(names.begin(), names.end());
  if (names.empty()) list.notes.push_back(fmt::format("{} has no tests", program.label));
  for (std::string& name : names)
    list.cases.push_back({.program = list.programs.size(), .name = std::move(name)});
  list.programs.push_back(std::move(program));
}

}  // namespace

program_kind look_at_program(const std::string& path) {
  const mapped_file file(path);
  program_kind kind;
  kind.elf = file.starts_with(
      "\x7f"
      "ELF");
  if (!kind.elf) return kind;
  kind.googletest = file.contains("gtest_list_tests") || file.contains("N7testing8UnitTest11GetInstanceEv");
  kind.attributes = file.contains("N4snag5gtest8listenerE");
  kind.detects = file.contains("snag-findings/");
  kind.race = file.contains("__snag_read");
  return kind;
}

test_list list_programs(signal_guard& guard, const std::vector<std::string>& files, const arguments& words,
                        bool needs_race_detector) {
  test_list list;
  std::vector<std::string> sorted = files;
  std::sort(sorted.begin(), sorted.end());
  sorted.erase(std::unique(sorted.begin(), sorted.end()), sorted.end());
  for (const std::string& file : sorted) {
    std::error_code error;
    const char* const why = !fs::exists(file, error) ? "there is no such file"
                            : fs::is_directory(file, error)
                                ? "it is a directory (a build directory of CTest's: --ctest)"
                            : access(file.c_str(), X_OK) != 0 ? strerror(errno)
                                                              : nullptr;
    if (why != nullptr) throw usage_error(fmt::format("cannot run {}: {}", file, why));
    const program_kind kind = look_at_program(file);
    if (kind.elf && !kind.race && needs_race_detector)
      throw usage_error(fmt::format("{} was not linked with -race: build it by snag-c++ -race", file));
    if (kind.elf && !kind.detects)
      list.notes.push_back(
          fmt::format("{} has no detector in it: nothing is looked for (build it by snag-c++ -race)", file));
    test_program program{.label = file,
                         .command = {fs::absolute(file)},
                         .directory = "",
                         .googletest = kind.googletest,
                         .attributes = kind.attributes,
                         .detects = kind.detects};
    program.command.insert(program.command.end(), words.begin(), words.end());
    if (!kind.googletest) {
      list.cases.push_back({.program = list.programs.size(), .name = file});
      list.programs.push_back(std::move(program));
      continue;
    }
    if (kind.detects && !kind.attributes)
      list.notes.push_back(fmt::format(
          "{} uses gtest_main, or a main of its own, which knows nothing of Snag: each of its tests gets a "
          "process of its own (put #include <snag/gtest_main.h> in a source file in place of gtest_main: "
          "then one process does, and leaks are found, too)",
          file));
    add_googletest(guard, list, std::move(program));
  }
  return list;
}

}  // namespace snag::cli
