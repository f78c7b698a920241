// SPDX-License-Identifier: Apache-2.0
// The old version is deleted when its reader has said, by a relaxed store, that it is through.
// verdict: race 20/20
// race: limit old
#include <atomic>
#include <thread>

struct settings {
  int limit;
};
std::atomic<settings*> current = new settings{1};
std::atomic<bool> quiet = false;

int main() {
  int seen = 0;
  std::thread reader([&] {
    const settings* s = current.load(std::memory_order_acquire);
    seen = s->limit;  // <- 1
    quiet.store(true, std::memory_order_relaxed);
  });
  while (!quiet.load(std::memory_order_acquire)) std::this_thread::yield();
  settings* old = current.exchange(new settings{2}, std::memory_order_acq_rel);
  delete old;  // <- 2
  reader.join();
  delete current.load();
  return seen > 2;
}
