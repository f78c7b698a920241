// SPDX-License-Identifier: Apache-2.0
// Two threads open libraries at the same time: (library, function) of one, (library, function) of the other.
// Whichever comes first runs the constructors.
#include <dlfcn.h>

#include <atomic>
#include <cstdio>
#include <thread>

namespace {

std::atomic<int> ready{0}, opened{0};

// Without ordering anything.
void meet(std::atomic<int>& arrived) {
  arrived.fetch_add(1, std::memory_order_relaxed);
  while (arrived.load(std::memory_order_relaxed) < 2) std::this_thread::yield();
}

void use(const char* path, const char* function) {
  meet(ready);
  void* const library = dlopen(path, RTLD_NOW);
  if (library == nullptr) return static_cast<void>(std::puts(dlerror()));
  meet(opened);
  reinterpret_cast<void (*)()>(dlsym(library, function))();
  dlclose(library);
}

}  // namespace

int main(int, char** words) {
  std::thread one(use, words[1], words[2]), other(use, words[3], words[4]);
  one.join();
  other.join();
}
