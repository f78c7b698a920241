// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <unistd.h>

#include <cstdlib>
#include <thread>

namespace rows {

inline void park_thread() {
  int ends[2];
  if (pipe(ends) != 0) std::abort();
  std::thread([from = ends[0]] {
    char c;
    while (read(from, &c, 1) >= 0) {
    }
  }).detach();
}

}  // namespace rows
