// SPDX-License-Identifier: Apache-2.0
// The pointer is published first and the object completed afterwards.
// Lesson: an atomic orders what comes before the store, not what comes after it.
// verdict: race 20/20
// race: version settings
#include <atomic>

#include <snag/snag.h>

struct settings {
  int version = 0;
};

int main() {
  std::atomic<settings*> current = nullptr;
  settings next;
  int used = 0;
  snag::wait_group wg;
  wg.go([&] {
    settings* s = nullptr;
    while ((s = current.load()) == nullptr) snag::yield();
    used = s->version;  // <- 1
  });
  current.store(&next);
  next.version = 2;  // <- 2
  wg.wait();
  snag::println("used version {}", used);
}
