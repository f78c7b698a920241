// SPDX-License-Identifier: Apache-2.0
// A thread_local of main, handed out by address, is shared like any other object.
// verdict: race 20/20
// race: scratch *shared
#include <thread>

#include <snag/snag.h>

thread_local int scratch = 0;

int main() {
  int* shared = &scratch;
  std::thread t([=] { *shared = 1; });  // <- 1
  *shared = 2;                          // <- 2
  t.join();
  return *shared == 7;
}
