// SPDX-License-Identifier: Apache-2.0
// Somebody who leaves the barrier for good writes one more thing after that.
// verdict: race 20/20
// race: farewell
#include <barrier>
#include <thread>

int farewell = 0;

int main() {
  std::barrier phase(2);
  std::thread leaver([&] {
    phase.arrive_and_drop();
    farewell = 1;  // <- 1
  });
  phase.arrive_and_wait();
  int seen = farewell;  // <- 2
  phase.arrive_and_wait();
  leaver.join();
  return seen > 1;
}
