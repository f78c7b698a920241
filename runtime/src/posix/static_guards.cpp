// SPDX-License-Identifier: Apache-2.0
// Thread-safe function-local statics (Itanium C++ ABI, 3.3.3: one-time construction), without libstdc++'s
// functions: they block the OS thread on which the goroutine that runs the initialiser, parked in it, might
// have to go on. The first byte of the guard is the ABI's: not 0 once the object is initialised. The second
// is ours.
//
// Weak: whoever watches synchronisation may stand in front, by these names, and call the snag_… functions.
#include <atomic>
#include <cstdint>

#include "runtime/src/posix/initialiser_wait.h"
#include "runtime/src/posix/support_libraries.h"
#include "runtime/src/sanitizer.h"

// The thread sanitizer defines them as well, and blocks: there the linker makes their callers call these
// (--wrap, see CMakeLists.txt).
#if SNAG_THREAD_SANITIZER
#define SNAG_GUARD(NAME) __wrap_##NAME
#else
#define SNAG_GUARD(NAME) NAME
#endif

namespace {

using namespace snag::detail;

enum state : std::uint8_t { idle, running };

std::atomic_ref<std::uint8_t> done_byte(void* guard) {
  return std::atomic_ref(static_cast<std::uint8_t*>(guard)[0]);
}
std::atomic_ref<std::uint8_t> state_byte(void* guard) {
  return std::atomic_ref(static_cast<std::uint8_t*>(guard)[1]);
}

void end(void* guard, snag::events::site where) noexcept {
  if (!initialises_itself(where.pc)) tell_initialised(guard, where);
  state_byte(guard).store(idle, std::memory_order_seq_cst);
  announce_initialiser_end(guard);
}

}  // namespace

extern "C" {

// 1: the caller initialises, then calls release, or abort if the initialiser threw. 0: it is done.
int snag_guard_acquire(void* guard) {
  const snag::events::site where{__builtin_return_address(0)};
  for (;;) {
    if (done_byte(guard).load(std::memory_order_acquire) != 0) return 0;
    std::uint8_t expected = idle;
    if (state_byte(guard).compare_exchange_strong(expected, running, std::memory_order_seq_cst)) {
      if (!initialises_itself(where.pc)) tell_initialising(guard, where);
      if (done_byte(guard).load(std::memory_order_acquire) == 0) return 1;
      end(guard, where);  // it was done between the two looks
      return 0;
    }
    await_initialiser_end(
        guard, [guard] { return state_byte(guard).load(std::memory_order_seq_cst) == running; }, where);
  }
}

void snag_guard_release(void* guard) noexcept {
  done_byte(guard).store(1, std::memory_order_release);
  end(guard, {__builtin_return_address(0)});
}

void snag_guard_abort(void* guard) noexcept { end(guard, {__builtin_return_address(0)}); }

[[gnu::weak]] int SNAG_GUARD(__cxa_guard_acquire)(void* guard) { return snag_guard_acquire(guard); }
[[gnu::weak]] void SNAG_GUARD(__cxa_guard_release)(void* guard) noexcept { snag_guard_release(guard); }
[[gnu::weak]] void SNAG_GUARD(__cxa_guard_abort)(void* guard) noexcept { snag_guard_abort(guard); }
}
