/* SPDX-License-Identifier: Apache-2.0 */
/* Waits until a thread has ended, without joining it: the kernel has forgotten it. */
#pragma once
#include <sched.h>
#include <stdio.h>
#include <unistd.h>

static inline void await_end(int tid) {
  char path[64];
  snprintf(path, sizeof path, "/proc/self/task/%d", tid);
  while (access(path, F_OK) == 0) sched_yield();
}
