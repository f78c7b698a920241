// SPDX-License-Identifier: Apache-2.0
// A plugin that was built for another compiler version crashes it without a word. This runs before any other
// initialiser of the plugin and asks the host who it is, by the one C function that has kept its shape.
#include <dlfcn.h>
#include <unistd.h>

#include <cstdio>

#include "llvm/Config/llvm-config.h"

namespace {

__attribute__((constructor(101))) void refuse_other_compilers() {
  using version_function = void (*)(unsigned*, unsigned*, unsigned*);
  const auto version = reinterpret_cast<version_function>(dlsym(RTLD_DEFAULT, "LLVMGetVersion"));
  unsigned major = 0, minor = 0, patch = 0;
  if (version != nullptr) version(&major, &minor, &patch);
  if (major == LLVM_VERSION_MAJOR) return;
  if (major == 0)
    std::fprintf(stderr, "error: snag-plugin.so is for clang %d; this compiler is older than clang 16\n",
                 LLVM_VERSION_MAJOR);
  else
    std::fprintf(stderr, "error: snag-plugin.so is for clang %d; this compiler is clang %u\n",
                 LLVM_VERSION_MAJOR, major);
  std::fprintf(stderr, "note: compile with clang-%d, or let 'snag c++' choose the compiler\n",
               LLVM_VERSION_MAJOR);
  _exit(1);
}

}  // namespace
