// SPDX-License-Identifier: Apache-2.0
// A mapping is removed and made anew at the same address by another thread: it is other memory.
// verdict: clean 20/20
#include <sys/mman.h>

#include <atomic>
#include <cstdlib>
#include <thread>

constexpr std::size_t bytes = 1 << 16;
std::atomic<bool> first_done = false;

void* map(void* where) {
  const int fixed = where == nullptr ? 0 : MAP_FIXED_NOREPLACE;
  return mmap(where, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | fixed, -1, 0);
}

void fill(void* place) {
  auto* numbers = static_cast<int*>(place);
  for (std::size_t i = 0; i < 100; ++i) numbers[i] = 1;
}

int main() {
  void* place = map(nullptr);
  if (place == MAP_FAILED) std::abort();
  std::thread first([=] {
    fill(place);
    munmap(place, bytes);
    first_done.store(true, std::memory_order_relaxed);
  });
  while (!first_done.load(std::memory_order_relaxed)) std::this_thread::yield();
  void* again = map(place);
  if (again == place) fill(place);
  first.join();
  return again == MAP_FAILED ? 0 : munmap(again, bytes);
}
