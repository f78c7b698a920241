// SPDX-License-Identifier: Apache-2.0
// The old version is deleted after its reader has said, by a release store, that it is through.
// verdict: clean 20/20
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
    seen = s->limit;
    quiet.store(true, std::memory_order_release);
  });
  while (!quiet.load(std::memory_order_acquire)) std::this_thread::yield();
  settings* old = current.exchange(new settings{2}, std::memory_order_acq_rel);
  delete old;
  reader.join();
  delete current.load();
  return seen != 1;
}
