// SPDX-License-Identifier: Apache-2.0
// The program brings its own malloc: one that counts and asks libc for the memory, which wanders between
// threads.
// verdict: clean 20/20
#include <dlfcn.h>

#include <atomic>
#include <cstddef>
#include <memory>
#include <thread>
#include <vector>

std::atomic<long> allocations = 0;

template <class F>
F* next(const char* name) {
  return reinterpret_cast<F*>(dlsym(RTLD_NEXT, name));
}

extern "C" {
void* malloc(std::size_t n) {
  static const auto real = next<void*(std::size_t)>("malloc");
  allocations++;
  return real(n);
}
void* calloc(std::size_t count, std::size_t each) {
  static const auto real = next<void*(std::size_t, std::size_t)>("calloc");
  allocations++;
  return real(count, each);
}
void* realloc(void* block, std::size_t n) {
  static const auto real = next<void*(void*, std::size_t)>("realloc");
  return real(block, n);
}
void free(void* block) {
  static const auto real = next<void(void*)>("free");
  real(block);
}
}

int main() {
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; i++)
    threads.emplace_back([i] {
      for (int k = 0; k < 100; k++) {
        std::vector<std::unique_ptr<int>> own;
        own.push_back(std::make_unique<int>(i));
        *own.back() += k;
      }
    });
  for (auto& t : threads) t.join();
  return allocations < 4;
}
