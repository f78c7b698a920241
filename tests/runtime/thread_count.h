// SPDX-License-Identifier: Apache-2.0
#pragma once
// How many threads this process has, as the kernel says.
#include <dirent.h>

#include <cstddef>

namespace snag::test {

inline std::size_t thread_count() {
  std::size_t n = 0;
  DIR* const tasks = opendir("/proc/self/task");
  while (const dirent* entry = readdir(tasks))
    if (entry->d_name[0] != '.') ++n;
  closedir(tasks);
  return n;
}

}  // namespace snag::test
