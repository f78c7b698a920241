// SPDX-License-Identifier: Apache-2.0
// promise::set_value_at_thread_exit and its kin: the state becomes ready when the thread ends, by a store in
// libstdc++'s shared object. What the thread did until then happens before what waited for it
// ([futures.state]).
#include <atomic>
#include <cstddef>
#include <memory>

#include "detector/src/annotations.h"
#include "detector/src/interpose.h"
#include "detector/src/library_function.h"

namespace snag::detector {
namespace {

// libstdc++'s std::__future_base::_State_baseV2::_Make_ready, which is private (<future>,
// <condition_variable>).
struct make_ready {
  make_ready* next;
  void (*run)(void*);
  std::weak_ptr<std::byte> state;
};
constexpr std::size_t status_offset = 2 * sizeof(void*);  // of _State_baseV2::_M_status, which says "ready"
constexpr std::size_t status_size = sizeof(unsigned);

constinit library_function<void(void*)> real_set{"_ZNSt13__future_base13_State_baseV211_Make_ready6_M_setEv"};
constinit std::atomic<void (*)(void*)> real_run{nullptr};  // the same for all

void run(void* at_thread_end) {
  if (const std::shared_ptr<std::byte> state = static_cast<make_ready*>(at_thread_end)->state.lock())
    release_to_atomic(state.get() + status_offset, status_size);
  real_run.load(std::memory_order_relaxed)(at_thread_end);
}

}  // namespace
}  // namespace snag::detector

using namespace snag::detector;

extern "C" {

void snag_make_ready_set(make_ready* self) asm("_ZNSt13__future_base13_State_baseV211_Make_ready6_M_setEv");
void snag_make_ready_set(make_ready* self) {
  real_set(static_cast<void*>(self));
  real_run.store(self->run, std::memory_order_relaxed);
  self->run = run;
}

}  // extern "C"
