// SPDX-License-Identifier: Apache-2.0
#include "runtime/src/traceback.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <iterator>
#include <string_view>

#include "runtime/options.h"

namespace snag::detail {
namespace {

constexpr std::string_view names[] = {"none", "single", "all", "system", "crash"};

constinit traceback_level level = traceback_level::single;
constinit int copy = -1;

[[noreturn]] void usage_error(const char* key, const char* value, const char* why) noexcept {
  std::fprintf(stderr, "snag: SNAG_OPTIONS: %s=%s: %s\n", key, value, why);
  _exit(64);
}

}  // namespace

void prepare_traceback() noexcept {
  if (const char* wanted = option("traceback")) {
    std::size_t i = 0;
    while (i < std::size(names) && names[i] != wanted) ++i;
    if (i == std::size(names))
      usage_error("traceback", wanted, "expected none, single, all, system or crash");
    level = static_cast<traceback_level>(i);
  }
  if (const char* path = option("crash_output")) {
    copy = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (copy < 0) usage_error("crash_output", path, std::strerror(errno));
  }
}

traceback_level wanted_traceback() noexcept { return level; }

int crash_output() noexcept { return copy; }

}  // namespace snag::detail
