// SPDX-License-Identifier: Apache-2.0
// A reader says what it looks at; the writer deletes nothing that somebody looks at.
// verdict: clean 20/20
#include <atomic>
#include <thread>

struct item {
  int weight;
};
std::atomic<item*> shown = new item{4};
std::atomic<item*> looked_at = nullptr;
std::atomic<int> looks = 0;

int look() {
  item* i = shown.load();
  for (;;) {
    looked_at.store(i);
    item* again = shown.load();
    if (again == i) break;
    i = again;
  }
  const int weight = i->weight;
  looked_at.store(nullptr, std::memory_order_release);
  looks.fetch_add(1, std::memory_order_relaxed);
  return weight;
}

int main() {
  int seen = 0;
  std::thread reader([&] { seen = look(); });
  while (looks.load(std::memory_order_relaxed) == 0) std::this_thread::yield();
  item* old = shown.exchange(nullptr);
  while (looked_at.load() == old) std::this_thread::yield();
  delete old;
  reader.join();
  return seen != 4;
}
