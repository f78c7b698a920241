// SPDX-License-Identifier: Apache-2.0
#include "tests/programs/process.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <stdexcept>

namespace programs {
namespace {

using clock = std::chrono::steady_clock;

struct pipe_pair {
  int read_end = -1, write_end = -1;
  pipe_pair() {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error(std::strerror(errno));
    read_end = ends[0];
    write_end = ends[1];
  }
};

[[noreturn]] void become(const std::vector<std::string>& command, const environment& extra, int out,
                         int err) {
  setpgid(0, 0);
  dup2(out, STDOUT_FILENO);
  dup2(err, STDERR_FILENO);
  for (const auto& [name, value] : extra) setenv(name.c_str(), value.c_str(), 1);
  std::vector<char*> arguments;
  for (const auto& word : command) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  execvp(arguments[0], arguments.data());
  dprintf(STDERR_FILENO, "cannot run %s: %s\n", arguments[0], std::strerror(errno));
  _exit(127);
}

// False at the end of the stream.
bool drain(int fd, std::string& into) {
  std::array<char, 65536> buffer;
  ssize_t n = read(fd, buffer.data(), buffer.size());
  if (n > 0) into.append(buffer.data(), static_cast<std::size_t>(n));
  return n > 0 || (n < 0 && errno == EINTR);
}

}  // namespace

process_result run_process(const std::vector<std::string>& command, const environment& extra,
                           std::chrono::milliseconds deadline) {
  pipe_pair out, err;
  const pid_t child = fork();
  if (child < 0) throw std::runtime_error(std::strerror(errno));
  if (child == 0) become(command, extra, out.write_end, err.write_end);
  setpgid(child, child);  // also here: whoever comes first
  close(out.write_end);
  close(err.write_end);

  process_result result;
  const auto end = clock::now() + deadline;
  std::array<pollfd, 2> streams = {pollfd{out.read_end, POLLIN, 0}, pollfd{err.read_end, POLLIN, 0}};
  for (int open = 2; open > 0;) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - clock::now()).count();
    if (left <= 0) {
      result.timed_out = true;
      kill(-child, SIGKILL);
      break;
    }
    if (poll(streams.data(), streams.size(), static_cast<int>(left)) < 0 && errno != EINTR) break;
    for (pollfd& stream : streams) {
      if (stream.fd < 0 || stream.revents == 0) continue;
      if (!drain(stream.fd, &stream == &streams[0] ? result.out : result.err)) {
        stream.fd = -1;
        --open;
      }
    }
  }
  close(out.read_end);
  close(err.read_end);
  // The streams can close before the process ends.
  int status = 0;
  for (;;) {
    const pid_t ended = waitpid(child, &status, result.timed_out ? 0 : WNOHANG);
    if (ended == child || (ended < 0 && errno != EINTR)) break;
    if (ended == 0) {
      if (clock::now() >= end) {
        result.timed_out = true;
        kill(-child, SIGKILL);
      } else {
        usleep(200);
      }
    }
  }
  result.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return result;
}

std::string shell_line(const std::vector<std::string>& command, const environment& extra) {
  const auto quoted = [](const std::string& word) {
    if (!word.empty() && word.find_first_of(" \t\n\"'$\\*?;&|<>()[]{}") == std::string::npos) return word;
    std::string text = "'";
    for (char c : word) c == '\'' ? text += "'\\''" : text += c;
    return text + "'";
  };
  std::string line;
  for (const auto& [name, value] : extra) line += name + "=" + quoted(value) + " ";
  for (const auto& word : command) line += quoted(word) + " ";
  if (!line.empty()) line.pop_back();
  return line;
}

}  // namespace programs
