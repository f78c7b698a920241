// SPDX-License-Identifier: Apache-2.0
// A thread and a goroutine come to the same once, and read what the first of them made.
// verdict: clean 20/20
#include <thread>

#include <snag/snag.h>

snag::once once;
int configuration = 0;

int use() {
  once.call([] { configuration = 7; });
  return configuration;
}

int main() {
  int seen[2] = {};
  std::thread t([&] { seen[0] = use(); });
  snag::wait_group all;
  all.go([&] { seen[1] = use(); });
  all.wait();
  t.join();
  return seen[0] != 7 || seen[1] != 7;
}
