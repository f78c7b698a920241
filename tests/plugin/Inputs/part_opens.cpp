// SPDX-License-Identifier: Apache-2.0
#include <dlfcn.h>

#include "logging_hooks.h"

int main(int, char** arguments) {
  void* library = dlopen(arguments[1], RTLD_LAZY);
  if (library == nullptr) return 1;
  auto part_shared = reinterpret_cast<void (*)()>(dlsym(library, "part_shared"));
  log_begin();
  part_shared();
  log_end();
}
