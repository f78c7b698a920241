/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* Programs of threads whose main has to go on until somebody is found dead, or while somebody only looks it.
 */
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#ifdef __cplusplus
#include <atomic>

#include <snag/deadlock.h>
#include <snag/findings.h>

inline void await_finding() {
  while (snag::findings().empty()) {
    snag::look_for_deadlocks();
    sched_yield();
  }
}

inline void look_often() {
  for (int i = 0; i < 50; ++i) {
    snag::look_for_deadlocks();
    sched_yield();
  }
}

// Nobody goes on before `count` are here.
class meeting {
 public:
  explicit meeting(int count) : missing_(count) {}
  void arrive() {
    --missing_;
    while (missing_ > 0) sched_yield();
  }

 private:
  std::atomic<int> missing_;
};
#else
void snag_visit_findings(void (*visit)(void* to, const char* kind, const char* fingerprint, const char* text,
                                       unsigned long count, int gates),
                         void* to);
static inline void count_finding(void* to, const char* kind, const char* fingerprint, const char* text,
                                 unsigned long count, int gates) {
  (void)kind, (void)fingerprint, (void)text, (void)count, (void)gates;
  ++*(int*)to;
}
static inline void await_finding(void) {
  for (int found = 0; found == 0; sched_yield()) snag_visit_findings(count_finding, &found);
}
#endif

/* Until the thread sleeps in the kernel. */
static inline void await_asleep(int tid) {
  for (char state = 0; state != 'S'; sched_yield()) {
    char path[64], text[256] = "";
    snprintf(path, sizeof path, "/proc/self/task/%d/stat", tid);
    FILE* const file = fopen(path, "r");
    if (file == NULL) continue;
    if (fgets(text, sizeof text, file) != NULL) state = strrchr(text, ')')[2];
    fclose(file);
  }
}
