// SPDX-License-Identifier: Apache-2.0
// A static's initialiser wants the mutex under which another thread asks for the static.
// verdict: leak 20/20
// shape: lock cycle
#include <mutex>
#include <thread>

#include "look.h"

std::mutex guard;
meeting both(2);

int read_version() {
  both.arrive();
  const std::lock_guard hold(guard);
  return 1;
}
int version() {
  static const int known = read_version();
  return known;
}

int main() {
  std::thread(version).detach();
  std::thread([] {
    const std::lock_guard hold(guard);
    both.arrive();
    version();
  }).detach();
  await_finding();
}
