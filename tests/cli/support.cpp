// SPDX-License-Identifier: Apache-2.0
#include "tests/cli/support.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>
#include <ostream>

namespace snag::cli_test {
namespace {

constexpr int patience_ms = 120'000;

bool append_from(int& descriptor, std::string& text) {
  char buffer[65536];
  const ssize_t n = read(descriptor, buffer, sizeof buffer);
  if (n > 0) return text.append(buffer, static_cast<std::size_t>(n)), true;
  if (n < 0 && errno == EINTR) return true;
  close(descriptor);
  descriptor = -1;
  return false;
}

int input_file(const std::string& text) {
  const int file = memfd_create("input", MFD_CLOEXEC);
  if (write(file, text.data(), text.size()) != static_cast<ssize_t>(text.size()))
    ADD_FAILURE() << strerror(errno);
  lseek(file, 0, SEEK_SET);
  return file;
}

}  // namespace

void PrintTo(const outcome& o, std::ostream* stream) {
  *stream << "status " << o.status << ", signal " << o.signal << "\n--- standard output\n"
          << o.out << "--- standard error\n"
          << o.err << "---";
}

process::process(const command& c) {
  int out[2], err[2];
  if (pipe2(out, O_CLOEXEC) != 0 || pipe2(err, O_CLOEXEC) != 0) throw std::runtime_error(strerror(errno));
  const int in = input_file(c.input);
  std::vector<char*> argv;
  for (const std::string& word : c.words) argv.push_back(const_cast<char*>(word.c_str()));
  argv.push_back(nullptr);
  pid_ = fork();
  if (pid_ == 0) {
    dup2(in, 0), dup2(out[1], 1), dup2(err[1], 2);
    unsetenv("SNAG_OPTIONS");
    for (const auto& [name, value] : c.environment)
      value ? setenv(name.c_str(), value->c_str(), 1) : unsetenv(name.c_str());
    if (!c.directory.empty() && chdir(c.directory.c_str()) != 0) _exit(127);
    execvp(argv[0], argv.data());
    dprintf(2, "cannot run %s: %s\n", argv[0], strerror(errno));
    _exit(127);
  }
  close(in), close(out[1]), close(err[1]);
  out_ = out[0], err_ = err[0];
}

process::~process() {
  if (pid_ == 0) return;
  kill(pid_, SIGKILL);
  waitpid(pid_, nullptr, 0);
}

bool process::read_some() {
  pollfd polled[] = {{out_, POLLIN, 0}, {err_, POLLIN, 0}};
  if (out_ < 0 && err_ < 0) return false;
  const int ready = poll(polled, 2, patience_ms);
  if (ready == 0) {
    ADD_FAILURE() << "the process said nothing for two minutes; killed";
    kill(pid_, SIGKILL);
    return false;
  }
  if (polled[0].revents != 0) append_from(out_, outcome_.out);
  if (polled[1].revents != 0) append_from(err_, outcome_.err);
  return true;
}

bool process::await_output(const std::string& text) {
  while (outcome_.out.find(text) == std::string::npos)
    if (!read_some()) return false;
  return true;
}

void process::send(int signal) { kill(pid_, signal); }

outcome process::wait() {
  while (read_some()) continue;
  int status = 0;
  waitpid(pid_, &status, 0);
  pid_ = 0;
  outcome_.signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
  outcome_.status = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
  return outcome_;
}

outcome run(const command& c) { return process(c).wait(); }

command snag_command(std::vector<std::string> arguments, command rest) {
  rest.words = std::move(arguments);
  rest.words.insert(rest.words.begin(), snag_path());
  return rest;
}

outcome snag(std::vector<std::string> arguments, command rest) {
  return run(snag_command(std::move(arguments), std::move(rest)));
}

std::string snag_path() { return SNAG_EXECUTABLE; }
std::filesystem::path source_root() { return SNAG_SOURCE_ROOT; }
std::string program(const std::string& name) { return source_root() / "tests/cli/programs" / name; }

scratch_directory::scratch_directory() {
  std::string pattern = std::filesystem::temp_directory_path() / "snag-test-XXXXXX";
  if (!mkdtemp(pattern.data())) throw std::runtime_error(strerror(errno));
  path_ = pattern;
}

scratch_directory::~scratch_directory() {
  std::error_code ignored;
  std::filesystem::permissions(path_, std::filesystem::perms::owner_all, ignored);
  std::filesystem::remove_all(path_, ignored);
}

std::string scratch_directory::write(const std::string& name, const std::string& text) const {
  std::ofstream(path_ / name) << text;
  return path_ / name;
}

std::string read_file(const std::filesystem::path& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::size_t occurrences(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + part.size()))
    ++count;
  return count;
}

}  // namespace snag::cli_test
