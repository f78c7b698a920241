// SPDX-License-Identifier: Apache-2.0
// Atomic load and store: the configuration is built first, then published by storing its pointer.
// Lesson: a store publishes what came before it to every load that sees it.
// verdict: clean 20/20
// stdout: ^workers used version 2 or nothing: true\n$
#include <atomic>

#include <snag/snag.h>

struct settings {
  int version = 0;
};

int main() {
  std::atomic<settings*> current = nullptr;
  settings next;
  bool fine[4] = {};
  snag::wait_group wg;
  for (int i = 0; i < 4; ++i) {
    wg.go([&, i] {
      settings* s = current.load();
      fine[i] = s == nullptr || s->version == 2;
    });
  }
  next.version = 2;
  current.store(&next);
  wg.wait();
  snag::println("workers used version 2 or nothing: {}", fine[0] && fine[1] && fine[2] && fine[3]);
}
