// SPDX-License-Identifier: Apache-2.0
// Each OS thread has an object of its own.
// verdict: clean 20/20
#include <thread>

#include <snag/snag.h>

thread_local int scratch = 0;

int main() {
  int theirs = 0;
  std::thread t([&] {
    scratch += 1;
    theirs = scratch;
  });
  t.join();
  std::thread second([&] {
    scratch += 1;
    theirs += scratch;
  });
  second.join();
  return theirs != 2;
}
