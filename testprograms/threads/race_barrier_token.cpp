// SPDX-License-Identifier: Apache-2.0
// Writing between the arrival and the wait: too late for this phase.
// verdict: race 20/20
// race: draft
#include <barrier>
#include <thread>
#include <utility>

int draft = 0;

int main() {
  std::barrier phase(2);
  std::thread writer([&] {
    auto arrival = phase.arrive();
    int own = 1;
    draft = 8;  // <- 1
    own++;
    phase.wait(std::move(arrival));
  });
  phase.arrive_and_wait();
  int seen = draft;  // <- 2
  writer.join();
  return seen > 8;
}
