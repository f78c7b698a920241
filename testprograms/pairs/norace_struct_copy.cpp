// SPDX-License-Identifier: Apache-2.0
// The copy is taken under the lock that the writer takes.
// verdict: clean 20/20
#include <mutex>

#include <snag/snag.h>

struct position {
  double x = 1, y = 2, z = 3;
  int zone[6] = {};
};

position p;
snag::mutex m;

int main() {
  position copy;
  snag::wait_group wg;
  wg.go([] {
    std::lock_guard hold(m);
    p.zone[5] = 1;
  });
  {
    std::lock_guard hold(m);
    copy = p;
  }
  wg.wait();
  return copy.zone[5] == 7;
}
