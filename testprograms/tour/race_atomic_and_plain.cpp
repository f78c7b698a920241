// SPDX-License-Identifier: Apache-2.0
// Atomic additions, and a plain read of the same memory.
// Lesson: an access is atomic or it is not; one plain access among atomic ones is a race.
// verdict: race 20/20
// race: counter
#include <atomic>

#include <snag/snag.h>

int main() {
  long counter = 0;
  snag::wait_group wg;
  for (int i = 0; i < 10; ++i) {
    wg.go([&] {
      std::atomic_ref<long> shared(counter);
      shared.fetch_add(1);  // <- 1
    });
  }
  snag::println("so far: {}", counter);  // <- 2
  wg.wait();
}
