// SPDX-License-Identifier: Apache-2.0
// count_down happens before wait returns.
// verdict: clean 20/20
#include <latch>
#include <thread>

int part[2];

int main() {
  std::latch done(1);
  std::thread t([&] {
    part[1] = 1;
    done.count_down();
  });
  done.wait();
  int seen = part[1];
  t.join();
  return seen != 1;
}
