// SPDX-License-Identifier: Apache-2.0
// std::pmr::synchronized_pool_resource hands memory from thread to thread, in libstdc++'s shared object,
// unseen: what one gave back, another gets, and what orders the two is the pool's own. So its blocks are
// treated as malloc's.
#include <dlfcn.h>

#include <cstddef>

#include "detector/src/race.h"

namespace {

template <class Function>
Function* library(const char* name) noexcept {
  void* const found = dlsym(RTLD_NEXT, name);
  if (found == nullptr)
    snag::detector::internal_error(
        "libstdc++'s memory resources need its shared object: link without -static-libstdc++");
  return reinterpret_cast<Function*>(found);
}

}  // namespace

extern "C" {

// do_allocate and do_deallocate, by their linkage names: the class may be incomplete for a program's
// standard.
void* _ZNSt3pmr26synchronized_pool_resource11do_allocateEmm(void* self, std::size_t bytes,
                                                            std::size_t alignment) {
  static constinit decltype(&_ZNSt3pmr26synchronized_pool_resource11do_allocateEmm) real = nullptr;
  if (real == nullptr)
    real = library<void*(void*, std::size_t, std::size_t)>(
        "_ZNSt3pmr26synchronized_pool_resource11do_allocateEmm");
  void* const block = real(self, bytes, alignment);
  snag::detector::on_allocated(block, bytes, false);
  return block;
}

void _ZNSt3pmr26synchronized_pool_resource13do_deallocateEPvmm(void* self, void* block, std::size_t bytes,
                                                               std::size_t alignment) {
  static constinit decltype(&_ZNSt3pmr26synchronized_pool_resource13do_deallocateEPvmm) real = nullptr;
  if (real == nullptr)
    real = library<void(void*, void*, std::size_t, std::size_t)>(
        "_ZNSt3pmr26synchronized_pool_resource13do_deallocateEPvmm");
  snag::detector::on_freed(block, bytes);
  real(self, block, bytes, alignment);
}

}  // extern "C"
