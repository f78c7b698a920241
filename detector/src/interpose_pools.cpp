// SPDX-License-Identifier: Apache-2.0
// std::pmr's memory resources, whose code stands in libstdc++'s shared object, unseen by the plugin. By their
// linkage names: the classes may be incomplete for a program's standard.
//
// synchronized_pool_resource hands memory from thread to thread: what one gave back, another gets, and what
// orders the two is the pool's own. So its blocks are treated as malloc's, and its locks order nothing else.
// unsynchronized_pool_resource is for one thread at a time: each use writes it, and so is
// monotonic_buffer_resource, whose functions cannot be stood before, since the shared object does not export
// them: the plugin has memory_resource's own, which are compiled in the program, tell of each use.
#include <cstddef>

#include "detector/src/annotations.h"
#include "detector/src/call_checks.h"
#include "detector/src/library_function.h"
#include "detector/src/memory_resource.h"

namespace snag::detector {
namespace {

constinit library_function<allocate_function> synchronized_allocate{
    "_ZNSt3pmr26synchronized_pool_resource11do_allocateEmm"};
constinit library_function<deallocate_function> synchronized_deallocate{
    "_ZNSt3pmr26synchronized_pool_resource13do_deallocateEPvmm"};
constinit library_function<allocate_function> unsynchronized_allocate{
    "_ZNSt3pmr28unsynchronized_pool_resource11do_allocateEmm"};
constinit library_function<deallocate_function> unsynchronized_deallocate{
    "_ZNSt3pmr28unsynchronized_pool_resource13do_deallocateEPvmm"};

// What the pool does for itself.
struct own_business {
  ignoring_scope orders{ignored::synchronisation}, frees{ignored::frees};
};

}  // namespace
}  // namespace snag::detector

using namespace snag::detector;

extern "C" {

// Its vtable; null where the library has none.
[[gnu::weak]] extern void* const _ZTVNSt3pmr25monotonic_buffer_resourceE[];

void snag_memory_resource_used(void* resource) {
  constexpr int address_point = 2;
  const void* const vtable = *static_cast<void**>(resource);
  if (vtable == _ZTVNSt3pmr25monotonic_buffer_resourceE + address_point) use_resource(resource);
}

void* _ZNSt3pmr26synchronized_pool_resource11do_allocateEmm(void* self, std::size_t bytes,
                                                            std::size_t alignment) {
  void* const block = [&] {
    const own_business scope;
    return synchronized_allocate(self, bytes, alignment);
  }();
  on_allocated(block, bytes);
  return block;
}
void _ZNSt3pmr26synchronized_pool_resource13do_deallocateEPvmm(void* self, void* block, std::size_t bytes,
                                                               std::size_t alignment) {
  on_freed(block, bytes);
  const own_business scope;
  synchronized_deallocate(self, block, bytes, alignment);
}

void* _ZNSt3pmr28unsynchronized_pool_resource11do_allocateEmm(void* self, std::size_t bytes,
                                                              std::size_t alignment) {
  use_resource(self);
  return unsynchronized_allocate(self, bytes, alignment);
}
void _ZNSt3pmr28unsynchronized_pool_resource13do_deallocateEPvmm(void* self, void* block, std::size_t bytes,
                                                                 std::size_t alignment) {
  use_resource(self);
  unsynchronized_deallocate(self, block, bytes, alignment);
}

}  // extern "C"
