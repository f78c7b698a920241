// SPDX-License-Identifier: Apache-2.0
// Two holds, one unlock too many before the last change.
// verdict: race 20/20
// race: level
#include <chrono>
#include <mutex>
#include <thread>

using namespace std::chrono_literals;

std::recursive_timed_mutex m;
int level = 0;

void raise_level() {
  m.lock();
  const bool again = m.try_lock_until(std::chrono::steady_clock::now() + 1s);
  m.unlock();
  if (again) m.unlock();
  level++;  // <- 1 2
}

int main() {
  std::thread a(raise_level), b(raise_level);
  a.join();
  b.join();
  return level > 2;
}
