// SPDX-License-Identifier: Apache-2.0
// The racy counter, cured with an atomic addition.
// Lesson: for a plain counter, std::atomic is the shortest cure.
// verdict: clean 20/20
// stdout: ^Final counter value: 1000\n$
#include <atomic>

#include <snag/snag.h>

int main() {
  std::atomic<long> counter = 0;
  snag::wait_group wg;
  for (int i = 0; i < 1000; ++i) wg.go([&] { counter.fetch_add(1); });
  wg.wait();
  snag::println("Final counter value: {}", counter.load());
}
