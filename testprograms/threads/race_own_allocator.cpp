// SPDX-License-Identifier: Apache-2.0
// The program brings an allocator of its own, whose statistics nothing protects.
// verdict: race 20/20
// race: requests
#include <atomic>
#include <cstddef>
#include <cstring>
#include <thread>

alignas(16) static char arena[1 << 24];
static std::atomic<std::size_t> used = 0;
static long requests = 0;

static void* bump(std::size_t n) {
  const std::size_t at = used.fetch_add((n + 31) & ~std::size_t{15});
  std::memcpy(arena + at, &n, sizeof n);
  return arena + at + 16;
}

extern "C" {
void* malloc(std::size_t n) {
  requests++;  // <- 1 2
  return bump(n);
}
void free(void*) {}
void* calloc(std::size_t count, std::size_t each) { return bump(count * each); }
void* realloc(void* block, std::size_t n) {
  void* const moved = bump(n);
  std::size_t old = 0;
  if (block != nullptr) std::memcpy(&old, static_cast<char*>(block) - 16, sizeof old);
  if (block != nullptr) std::memcpy(moved, block, old < n ? old : n);
  return moved;
}
}

int main() {
  int* results[2] = {};
  std::thread a([&] { results[0] = new int(1); }), b([&] { results[1] = new int(2); });
  a.join();
  b.join();
  return *results[0] + *results[1] != 3 || requests == 0;
}
