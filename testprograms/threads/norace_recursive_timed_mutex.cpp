// SPDX-License-Identifier: Apache-2.0
// try_lock_until on a mutex that is the caller's already: two holds, and both stand while it changes things.
// verdict: clean 20/20
#include <chrono>
#include <mutex>
#include <thread>

using namespace std::chrono_literals;

std::recursive_timed_mutex m;
int level = 0;

void raise_level() {
  m.lock();
  const bool again = m.try_lock_until(std::chrono::steady_clock::now() + 1s);
  level++;
  m.unlock();
  if (again) m.unlock();
}

int main() {
  std::thread a(raise_level), b(raise_level);
  a.join();
  b.join();
  return level != 2;
}
