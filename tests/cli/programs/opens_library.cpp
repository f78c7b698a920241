// SPDX-License-Identifier: Apache-2.0
#include <dlfcn.h>

#include <cstdio>

int main(int, char** words) {
  void* const library = dlopen(words[1], RTLD_NOW);
  if (library == nullptr) {
    std::puts(dlerror());
    return 1;
  }
  const auto use = reinterpret_cast<int (*)()>(dlsym(library, "use_library"));
  const int got = use();
  std::printf("got %d, closed with %d\n", got, dlclose(library));
}
