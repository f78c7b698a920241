// SPDX-License-Identifier: Apache-2.0
#pragma once
// Runs the command line that was just built, as a user would: a process with arguments, environment, standard
// input, and whatever signals a test sends.
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace snag::cli_test {

struct outcome {
  int status = -1;  // exit status; 128 + n if signal n ended it
  int signal = 0;   // n, or 0
  std::string out, err;
};
void PrintTo(const outcome&, std::ostream*);

using variables = std::map<std::string, std::optional<std::string>>;  // no value: unset

struct command {
  std::vector<std::string> words = {};  // [0] is looked up in PATH unless it has a slash
  variables environment = {};
  std::string input = {};
  std::filesystem::path directory = {};  // empty: ours
};

// A running process. Its end is awaited for two minutes, then it is killed, which fails the test.
class process {
 public:
  explicit process(const command&);
  ~process();
  process(const process&) = delete;
  process& operator=(const process&) = delete;

  // Reads standard output until `text` has appeared in it; false if the process ended first.
  bool await_output(const std::string& text);
  void send(int signal);
  outcome wait();

 private:
  bool read_some();  // false once both streams are closed

  int pid_ = 0, out_ = -1, err_ = -1;
  outcome outcome_;
};

outcome run(const command&);

// The snag under test, with these arguments.
outcome snag(std::vector<std::string> arguments, command rest = {});
command snag_command(std::vector<std::string> arguments, command rest = {});

std::string snag_path();
std::string program(const std::string& name);  // in tests/cli/programs
std::filesystem::path source_root();

// A directory of the test's own, gone at its end.
class scratch_directory {
 public:
  scratch_directory();
  ~scratch_directory();
  scratch_directory(const scratch_directory&) = delete;
  scratch_directory& operator=(const scratch_directory&) = delete;
  const std::filesystem::path& path() const { return path_; }
  std::string write(const std::string& name, const std::string& text) const;  // the file's path

 private:
  std::filesystem::path path_;
};

std::string read_file(const std::filesystem::path&);
std::size_t occurrences(const std::string& text, const std::string& part);

}  // namespace snag::cli_test
