// SPDX-License-Identifier: Apache-2.0
// The completion function adds the parts up; main reads the total and is no party to the barrier.
// verdict: race 20/20
// race: total
#include <barrier>
#include <thread>

int parts[2], total = 0;

int main() {
  const auto add_up = []() noexcept { total = parts[0] + parts[1]; };  // <- 1
  std::barrier phase(2, add_up);
  const auto work = [&](int me) {
    parts[me] = me + 1;
    phase.arrive_and_wait();
  };
  std::thread a(work, 0), b(work, 1);
  int seen = total;  // <- 2
  a.join();
  b.join();
  return seen > 3;
}
