// SPDX-License-Identifier: Apache-2.0
// arrive_and_drop is an arrival: what was written before it is there for those who wait.
// verdict: clean 20/20
#include <barrier>
#include <thread>

int farewell = 0;

int main() {
  std::barrier phase(2);
  std::thread leaver([&] {
    farewell = 1;
    phase.arrive_and_drop();
  });
  phase.arrive_and_wait();
  int seen = farewell;
  phase.arrive_and_wait();
  leaver.join();
  return seen != 1;
}
