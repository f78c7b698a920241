// SPDX-License-Identifier: Apache-2.0
// The completion function adds the parts up; main is a party to the barrier and reads the total after it.
// verdict: clean 20/20
#include <barrier>
#include <thread>

int parts[2], total = 0;

int main() {
  const auto add_up = []() noexcept { total = parts[0] + parts[1]; };
  std::barrier phase(3, add_up);
  const auto work = [&](int me) {
    parts[me] = me + 1;
    phase.arrive_and_wait();
  };
  std::thread a(work, 0), b(work, 1);
  phase.arrive_and_wait();
  int seen = total;
  a.join();
  b.join();
  return seen != 3;
}
