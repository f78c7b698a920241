// SPDX-License-Identifier: Apache-2.0
// ThreadSanitizer's public interface (compiler-rt, include/sanitizer/tsan_interface.h), for programs that
// annotate their own synchronisation: the plugin says yes to __has_feature(thread_sanitizer).
#include <cstdint>

#include "detector/src/annotations.h"
#include "detector/src/call_checks.h"

using namespace snag;
using namespace snag::detector;

namespace {

constexpr unsigned read_lock = 1 << 3, try_lock_failed = 1 << 5;

events::lock_mode mode_of(unsigned flags) {
  return (flags & read_lock) != 0 ? events::lock_mode::shared : events::lock_mode::exclusive;
}

}  // namespace

extern "C" {

void __tsan_acquire(void* at) { annotate_acquire(at); }
void __tsan_release(void* at) { annotate_release(at); }

void __tsan_mutex_create(void*, unsigned) {}
void __tsan_mutex_destroy(void* lock, unsigned) { annotate_end_of(lock); }
void __tsan_mutex_pre_lock(void*, unsigned) { begin_lock_code(); }
void __tsan_mutex_post_lock(void* lock, unsigned flags, int) {
  end_lock_code();
  if ((flags & try_lock_failed) == 0) annotate_lock_taken(lock, mode_of(flags));
}
int __tsan_mutex_pre_unlock(void* lock, unsigned flags) {
  annotate_lock_given_back(lock, mode_of(flags));
  begin_lock_code();
  return 1;  // levels of recursion given back
}
void __tsan_mutex_post_unlock(void*, unsigned) { end_lock_code(); }
void __tsan_mutex_pre_signal(void*, unsigned) { begin_lock_code(); }
void __tsan_mutex_post_signal(void*, unsigned) { end_lock_code(); }
void __tsan_mutex_pre_divert(void*, unsigned) { end_lock_code(); }
void __tsan_mutex_post_divert(void*, unsigned) { begin_lock_code(); }
void __tsan_check_no_mutexes_held() {}

// Objects of languages and libraries: accesses at the instrumented call that is in progress.
void* __tsan_external_register_tag(const char* type) { return const_cast<char*>(type); }
void __tsan_external_register_header(void*, const char*) {}
void __tsan_external_assign_tag(void*, void*) {}
void __tsan_external_read(void* at, void*, void*) { call_checks().reads(at, 1); }
void __tsan_external_write(void* at, void*, void*) { call_checks().writes(at, 1); }

void* __tsan_get_current_fiber() { return current_fiber(); }
void* __tsan_create_fiber(unsigned) { return create_fiber(); }
void __tsan_destroy_fiber(void* f) { destroy_fiber(static_cast<fiber*>(f)); }
void __tsan_switch_to_fiber(void* f, unsigned flags) {
  constexpr unsigned no_sync = 1;
  switch_to_fiber(static_cast<fiber*>(f), (flags & no_sync) == 0);
}
void __tsan_set_fiber_name(void* f, const char* name) { name_fiber(static_cast<fiber*>(f), name); }

void __tsan_flush_memory() {}

}  // extern "C"
