// SPDX-License-Identifier: Apache-2.0
// exec ends this program without an end: a JSON document that would be lost is written first (text is out
// already).
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "detector/src/ending.h"
#include "detector/src/interpose.h"
#include "detector/src/race.h"
#include "detector/src/reporter.h"

namespace {
using namespace snag::detector;

using search_function = int (*)(const char*, char* const*, char* const*);
constinit search_function execvpe_of_libc = nullptr;

void before_exec() {
  if (!is_own_process()) return;
  const internal_scope scope;
  const int saved = errno;
  write_before_exec();
  errno = saved;
}

// The child of a fork may have copied a locked loader: nothing is looked up here.
int search_and_exec(const char* file, char* const arguments[], char* const environment[]) {
  before_exec();
  if (execvpe_of_libc) return execvpe_of_libc(file, arguments, environment);
  return static_cast<int>(syscall(SYS_execve, file, arguments, environment));
}
int exec(const char* path, char* const arguments[], char* const environment[]) {
  before_exec();
  return static_cast<int>(syscall(SYS_execve, path, arguments, environment));
}

// The arguments of execl and its like, up to the null, as an array on the caller's stack.
#define SNAG_COLLECT_ARGUMENTS(first, list)                                              \
  va_start(list, first);                                                                 \
  std::size_t count = 1;                                                                 \
  while (va_arg(list, char*)) ++count;                                                   \
  va_end(list);                                                                          \
  char** arguments = static_cast<char**>(__builtin_alloca((count + 1) * sizeof(char*))); \
  arguments[0] = const_cast<char*>(first);                                               \
  va_start(list, first);                                                                 \
  for (std::size_t i = 1; i <= count; ++i) arguments[i] = va_arg(list, char*)
}  // namespace

void snag::detector::resolve_exec_functions() noexcept {
  execvpe_of_libc = reinterpret_cast<search_function>(dlsym(RTLD_NEXT, "execvpe"));
}

extern "C" {

int execve(const char* path, char* const arguments[], char* const environment[]) noexcept {
  return exec(path, arguments, environment);
}
int execv(const char* path, char* const arguments[]) noexcept { return exec(path, arguments, environ); }
int execvp(const char* file, char* const arguments[]) noexcept {
  return search_and_exec(file, arguments, environ);
}
int execvpe(const char* file, char* const arguments[], char* const environment[]) noexcept {
  return search_and_exec(file, arguments, environment);
}
int fexecve(int fd, char* const arguments[], char* const environment[]) noexcept {
  before_exec();
  return static_cast<int>(syscall(SYS_execveat, fd, "", arguments, environment, AT_EMPTY_PATH));
}
int execl(const char* path, const char* first, ...) noexcept {
  va_list list;
  SNAG_COLLECT_ARGUMENTS(first, list);
  va_end(list);
  return exec(path, arguments, environ);
}
int execlp(const char* file, const char* first, ...) noexcept {
  va_list list;
  SNAG_COLLECT_ARGUMENTS(first, list);
  va_end(list);
  return search_and_exec(file, arguments, environ);
}
int execle(const char* path, const char* first, ...) noexcept {
  va_list list;
  SNAG_COLLECT_ARGUMENTS(first, list);
  char* const* environment = va_arg(list, char* const*);
  va_end(list);
  return exec(path, arguments, environment);
}
}
