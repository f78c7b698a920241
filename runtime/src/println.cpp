// SPDX-License-Identifier: Apache-2.0
#include "snag/println.h"

#include <fmt/format.h>

#include <cstdio>
#include <iterator>

#include "runtime/src/scheduler.h"

namespace snag::detail {

void print_line(fmt::string_view format, fmt::format_args arguments) {
  schedule_point();
  fmt::memory_buffer line;
  fmt::vformat_to(std::back_inserter(line), format, arguments);
  line.push_back('\n');
  flockfile(stdout);
  fwrite_unlocked(line.data(), 1, line.size(), stdout);
  fflush_unlocked(stdout);
  funlockfile(stdout);
}

}  // namespace snag::detail
