// SPDX-License-Identifier: Apache-2.0
// A queue lock that is handed on by a relaxed store.
// verdict: race 20/20
// race: jobs
#include <atomic>
#include <functional>
#include <thread>

struct place {
  std::atomic<place*> next = nullptr;
  std::atomic<bool> waits = true;
};
std::atomic<place*> last = nullptr;
int jobs = 0;

void lock(place& mine) {
  place* before = last.exchange(&mine, std::memory_order_acq_rel);
  if (before == nullptr) return;
  before->next.store(&mine, std::memory_order_release);
  while (mine.waits.load(std::memory_order_acquire)) std::this_thread::yield();
}

void unlock(place& mine) {
  place* expected = &mine;
  constexpr auto handing_on = std::memory_order_relaxed;
  if (last.compare_exchange_strong(expected, nullptr, handing_on, std::memory_order_relaxed)) return;
  while (mine.next.load(std::memory_order_acquire) == nullptr) std::this_thread::yield();
  mine.next.load(std::memory_order_acquire)->waits.store(false, handing_on);
}

void work(place& mine) {
  lock(mine);
  jobs++;  // <- 1 2
  unlock(mine);
}

place of_a, of_b;  // so that no end of one races, too

int main() {
  std::thread a(work, std::ref(of_a)), b(work, std::ref(of_b));
  a.join();
  b.join();
  return jobs > 2;
}
