// SPDX-License-Identifier: Apache-2.0
// A mapping grows and moves, and two threads write at its new place.
// verdict: race 20/20
// race: numbers
#include <sys/mman.h>

#include <cstdlib>
#include <thread>

constexpr std::size_t small = 1 << 14, large = 1 << 20;

void fill(void* place) {
  auto* numbers = static_cast<int*>(place);
  for (int i = 0; i < 100; ++i) numbers[i]++;  // <- 1 2
}

int main() {
  void* place = mmap(nullptr, small, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (place == MAP_FAILED) std::abort();
  std::thread(fill, place).join();
  place = mremap(place, small, large, MREMAP_MAYMOVE);
  if (place == MAP_FAILED) std::abort();
  std::thread a(fill, place);
  fill(place);
  a.join();
  const bool wrong = *static_cast<int*>(place) > 3;
  munmap(place, large);
  return wrong;
}
