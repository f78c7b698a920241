// SPDX-License-Identifier: Apache-2.0
// What is done between the arrival and the wait is one's own; what is for others was done before.
// verdict: clean 20/20
#include <barrier>
#include <thread>
#include <utility>

int draft = 0;

int main() {
  std::barrier phase(2);
  std::thread writer([&] {
    draft = 8;
    auto arrival = phase.arrive();
    int own = 1;
    own++;
    phase.wait(std::move(arrival));
  });
  phase.arrive_and_wait();
  int seen = draft;
  writer.join();
  return seen != 8;
}
