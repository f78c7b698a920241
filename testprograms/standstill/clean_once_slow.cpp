// SPDX-License-Identifier: Apache-2.0
// An initialiser takes its time, for a byte from a pipe, and the first attempt throws.
// verdict: clean 20/20
#include <mutex>
#include <thread>
#include <vector>

#include "look.h"

std::once_flag configuration;
std::atomic<int> attempts{0}, last{0};
int ends[2];

void read_configuration() {
  char byte;
  if (++attempts == 1) throw 1;
  if (read(ends[0], &byte, 1) != 1) std::terminate();
}

int main() {
  if (pipe(ends) != 0) return 1;
  std::vector<std::thread> all;
  for (int i = 0; i < 3; ++i)
    all.emplace_back([] {
      last = gettid();
      for (bool done = false; !done;) try {
          std::call_once(configuration, read_configuration);
          done = true;
        } catch (int) {
        }
    });
  while (attempts < 2) sched_yield();
  await_asleep(last);
  look_often();
  if (write(ends[1], "x", 1) != 1) return 1;
  for (std::thread& t : all) t.join();
}
