// SPDX-License-Identifier: Apache-2.0
// Both sides go through atomic_ref; the plain read comes after the wait.
// verdict: clean 20/20
#include <atomic>

#include <snag/snag.h>

int count = 0;

int main() {
  snag::wait_group wg;
  wg.go([] { std::atomic_ref<int>(count).fetch_add(1, std::memory_order_relaxed); });
  std::atomic_ref<int>(count).fetch_add(1, std::memory_order_relaxed);
  wg.wait();
  return count != 2;
}
