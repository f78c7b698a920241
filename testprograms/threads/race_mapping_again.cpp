// SPDX-License-Identifier: Apache-2.0
// Two threads write into one mapping.
// verdict: race 20/20
// race: numbers
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
  for (std::size_t i = 0; i < 100; ++i) numbers[i] = 1;  // <- 1 2
}

int main() {
  void* place = map(nullptr);
  if (place == MAP_FAILED) std::abort();
  std::thread first([=] {
    fill(place);
    first_done.store(true, std::memory_order_relaxed);
  });
  while (!first_done.load(std::memory_order_relaxed)) std::this_thread::yield();
  fill(place);
  first.join();
  return munmap(place, bytes);
}
