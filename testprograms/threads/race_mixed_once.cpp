// SPDX-License-Identifier: Apache-2.0
// A thread and a goroutine come to the same once; each changes the configuration afterwards.
// verdict: race 20/20
// race: configuration
#include <thread>

#include <snag/snag.h>

snag::once once;
int configuration = 0;

int use() {
  once.call([] { configuration = 7; });
  return ++configuration;  // <- 1 2
}

int main() {
  int seen[2] = {};
  std::thread t([&] { seen[0] = use(); });
  snag::wait_group all;
  all.go([&] { seen[1] = use(); });
  all.wait();
  t.join();
  return seen[0] < 7;
}
