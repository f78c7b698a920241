// SPDX-License-Identifier: Apache-2.0
// The write comes after count_down.
// verdict: race 20/20
// race: part
#include <latch>
#include <thread>

int part[2];

int main() {
  std::latch done(1);
  std::thread t([&] {
    done.count_down();
    part[1] = 1;  // <- 1
  });
  done.wait();
  int seen = part[1];  // <- 2
  t.join();
  return seen == 7;
}
