// SPDX-License-Identifier: Apache-2.0
#include "detector/src/report_log.h"

#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <time.h>

#include <string_view>
#include <utility>

#include "detector/src/raw_io.h"

namespace snag::detector {
namespace {

// A path under construction, in place: handlers may not allocate.
struct path {
  char text[PATH_MAX + 64] = {};
  std::size_t size = 0;
  void clear() { text[size = 0] = '\0'; }
  void add(char c) {
    if (size + 1 < sizeof text) text[size++] = c, text[size] = '\0';
  }
  void add(std::string_view s) {
    for (const char c : s) add(c);
  }
  void add_number(unsigned long n) {
    char digits[24];
    char* at = digits + sizeof digits;
    do *--at = static_cast<char>('0' + n % 10);
    while ((n /= 10) != 0);
    add(std::string_view(at, static_cast<std::size_t>(digits + sizeof digits - at)));
  }
};

enum class kind : std::uint8_t { descriptor, file, device };

struct destination {
  kind what = kind::descriptor;
  int descriptor = STDERR_FILENO;
  path pattern;  // absolute, with %p
  bool has_pid = false;
  bool own_name = false;  // FILE.PID instead of FILE
  bool complained = false;
  // Built ahead, and again after a fork: alternate signal stacks are too small for names of this length.
  path shared_name, private_name, shared_temporary, private_temporary;
  timespec started{};  // documents younger than this are another process's, except
  struct stat own{};   // the one we wrote there ourselves
  const path& name() const { return own_name ? private_name : shared_name; }
  const path& temporary() const { return own_name ? private_temporary : shared_temporary; }
};
constinit destination to;

void build_names() {
  const auto pid = static_cast<unsigned long>(raw_pid());
  to.shared_name.clear();
  for (std::size_t i = 0; i < to.pattern.size; ++i) {
    if (to.pattern.text[i] == '%' && to.pattern.text[i + 1] == 'p') {
      to.shared_name.add_number(pid);
      ++i;
    } else {
      to.shared_name.add(to.pattern.text[i]);
    }
  }
  to.private_name = to.shared_name;
  if (!to.has_pid) {
    to.private_name.add('.');
    to.private_name.add_number(pid);
  }
  for (const auto& [temporary, final] : {std::pair(&to.shared_temporary, &to.shared_name),
                                         std::pair(&to.private_temporary, &to.private_name)}) {
    *temporary = *final;
    temporary->add(".tmp.");
    temporary->add_number(pid);
  }
}

// An absolute name with symbolic links resolved, so that neither chdir nor rename surprises us later.
void set_pattern(std::string_view name) {
  char resolved[PATH_MAX];
  const string given(name.data(), name.size());
  to.has_pid = name.find("%p") != std::string_view::npos;
  to.pattern.clear();
  if (!to.has_pid && !given.starts_with("/dev/") && !given.starts_with("/proc/") &&
      realpath(given.c_str(), resolved)) {
    to.pattern.add(resolved);
    return;
  }
  if (name.front() != '/' && syscall(SYS_getcwd, resolved, sizeof resolved) > 0) {
    to.pattern.add(resolved);
    to.pattern.add('/');
  }
  to.pattern.add(name);
}

bool is_device(const path& p) {
  const std::string_view name(p.text, p.size);
  struct stat status;
  return name.starts_with("/dev/") || name.starts_with("/proc/") ||
         (raw_stat(p.text, status) && !S_ISREG(status.st_mode));
}

void complain(const char* name, int error) {
  if (to.complained) return;
  to.complained = true;
  say("cannot write log_path ", name, ": ", strerrordesc_np(error), "; reports go to standard error");
}

bool younger_than_us(const struct stat& s) {
  return s.st_mtim.tv_sec > to.started.tv_sec ||
         (s.st_mtim.tv_sec == to.started.tv_sec && s.st_mtim.tv_nsec > to.started.tv_nsec);
}

// Inode numbers are used again: the time of the last write belongs to it.
bool is_own(const struct stat& s) {
  return s.st_ino == to.own.st_ino && s.st_mtim.tv_sec == to.own.st_mtim.tv_sec &&
         s.st_mtim.tv_nsec == to.own.st_mtim.tv_nsec;
}

bool write_to_descriptor(void* self, const char* bytes, std::size_t n) {
  return raw_write_all(*static_cast<int*>(self), bytes, n);
}

bool replace_file(const kept_finding* first, const unlisted_findings& unlisted, const run_end& end) {
  struct stat status;
  if (!to.own_name && raw_stat(to.shared_name.text, status) && younger_than_us(status) && !is_own(status)) {
    to.own_name = true;
    say(to.shared_name.text, " holds another process's findings; writing ", to.private_name.text);
  }
  int fd = raw_open(to.temporary().text, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (fd < 0) return complain(to.name().text, errno), false;
  bool ok = write_document(first, unlisted, end, {write_to_descriptor, &fd});
  int error = errno;
  if (ok && !to.own_name) raw_stat(fd, to.own);
  raw_close(fd);
  if (ok && !raw_rename(to.temporary().text, to.name().text)) ok = false, error = errno;
  if (!ok) {
    complain(to.name().text, error);
    raw_unlink(to.temporary().text);
  }
  return ok;
}

}  // namespace

void open_log(const report_options& options) noexcept {
  to = destination{};
  clock_gettime(CLOCK_REALTIME, &to.started);  // not the coarse one: files may have finer stamps
  const std::string_view name = options.log_path;
  if (name.empty() || name == "stderr") return;
  if (name == "stdout") {
    to.descriptor = STDOUT_FILENO;
    return;
  }
  set_pattern(name);
  build_names();
  to.what = is_device(to.shared_name) ? kind::device : kind::file;
  const bool replaced = to.what == kind::file && options.format == report_format::json;
  const path& probe = replaced ? to.shared_temporary : to.shared_name;
  const int fd = raw_open(probe.text, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NONBLOCK, 0644);
  if (fd < 0 && errno != ENXIO) {  // ENXIO: a FIFO that nobody reads yet
    complain(options.log_path.c_str(), errno);
    to.what = kind::descriptor;
    return;
  }
  if (fd >= 0) raw_close(fd);
  if (replaced) raw_unlink(probe.text);
}

void log_text(const char* bytes, std::size_t n) noexcept {
  if (to.what == kind::descriptor) {
    raw_write_all(to.descriptor, bytes, n);
    return;
  }
  const int fd = raw_open(to.name().text, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0644);
  const bool ok = fd >= 0 && raw_write_all(fd, bytes, n);
  const int error = errno;
  if (fd >= 0) raw_close(fd);
  if (ok) return;
  complain(to.name().text, error);
  raw_write_all(STDERR_FILENO, bytes, n);
}

void log_document(const kept_finding* first, const unlisted_findings& unlisted, const run_end& end) noexcept {
  const auto write_to = [&](int fd) {
    return fd >= 0 && write_document(first, unlisted, end, {write_to_descriptor, &fd});
  };
  if (to.what == kind::file) {
    if (replace_file(first, unlisted, end)) return;
    // One document on standard error, at the end: an interim one could not be taken back.
    if (std::string_view(end.reason) == "running") return;
    to.what = kind::descriptor;
    to.descriptor = STDERR_FILENO;
  } else if (to.what == kind::device) {
    const int device = raw_open(to.name().text, O_WRONLY | O_APPEND | O_CLOEXEC, 0);
    const bool ok = write_to(device);
    const int error = errno;
    if (device >= 0) raw_close(device);
    if (ok) return;
    complain(to.name().text, error);
  } else if (to.descriptor != STDERR_FILENO) {
    if (write_to(to.descriptor)) return;
    complain("stdout", errno);
  }
  write_to(STDERR_FILENO);
}

bool log_is_terminal() noexcept {
  if (to.what != kind::descriptor) return false;
  char terminal_state[64];
  constexpr unsigned long get_terminal_state = 0x5401;  // TCGETS
  return syscall(SYS_ioctl, to.descriptor, get_terminal_state, terminal_state) == 0;
}

bool log_under_own_name(bool own) noexcept {
  build_names();
  return std::exchange(to.own_name, own);
}

bool log_is_replaceable() noexcept { return to.what == kind::file; }

void say_parts(const char* const* parts, unsigned count) noexcept {
  iovec line[16];
  int n = 0;
  const auto add = [&](const char* text) {
    if (n < 16) line[n++] = {const_cast<char*>(text), strlen(text)};
  };
  add("snag: ");
  for (unsigned i = 0; i < count && n < 15; ++i) add(parts[i]);
  add("\n");
  syscall(SYS_writev, STDERR_FILENO, line, n);
}

}  // namespace snag::detector
