// SPDX-License-Identifier: Apache-2.0
// Two goroutines that each take the lock first that the other one takes last. With seed 1 they get by; with a
// later one of the first fifty they do not.
#include <snag/snag.h>

#include <mutex>

snag::mutex mine, yours;

int main() {
  snag::wait_group wg;
  wg.go([] {
    std::lock_guard first(mine);
    std::lock_guard second(yours);
  });
  wg.go([] {
    std::lock_guard first(yours);
    std::lock_guard second(mine);
  });
  wg.wait();
}
