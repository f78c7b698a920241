// SPDX-License-Identifier: Apache-2.0
#pragma once
// What the address and thread sanitizers have to be told when the runtime itself is built with one of them:
// that stacks are switched, and which memory holds pointers. Nothing of it exists in other builds.
// (compiler-rt: sanitizer/common_interface_defs.h, asan_interface.h, lsan_interface.h, tsan_interface.h.)
#include <cstddef>

#if defined(__SANITIZE_ADDRESS__)
#define SNAG_ADDRESS_SANITIZER 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SNAG_ADDRESS_SANITIZER 1
#endif
#endif
#if defined(__SANITIZE_THREAD__)
#define SNAG_THREAD_SANITIZER 1
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define SNAG_THREAD_SANITIZER 1
#endif
#endif
#ifndef SNAG_ADDRESS_SANITIZER
#define SNAG_ADDRESS_SANITIZER 0
#endif
#ifndef SNAG_THREAD_SANITIZER
#define SNAG_THREAD_SANITIZER 0
#endif

#if SNAG_ADDRESS_SANITIZER
#include <sanitizer/asan_interface.h>
#include <sanitizer/common_interface_defs.h>
#include <sanitizer/lsan_interface.h>
#endif
#if SNAG_THREAD_SANITIZER
#include <sanitizer/tsan_interface.h>
extern "C" {  // of compiler-rt, which has no header for them
void AnnotateIgnoreReadsBegin(const char* file, int line);
void AnnotateIgnoreSyncBegin(const char* file, int line);
}
#endif

// For functions whose locals must lie on the very stack they run on, between two stacks.
#if SNAG_ADDRESS_SANITIZER || SNAG_THREAD_SANITIZER
#define SNAG_UNSANITIZED __attribute__((no_sanitize("address", "thread"), noinline))
#else
#define SNAG_UNSANITIZED
#endif

// For a function that calls main, whatever parameters that has.
#if defined(__clang__)
#define SNAG_CALLS_MAIN __attribute__((no_sanitize("function")))
#else
#define SNAG_CALLS_MAIN
#endif

namespace snag::detail {

inline constexpr bool sanitized = SNAG_ADDRESS_SANITIZER || SNAG_THREAD_SANITIZER;

// Memory from mmap that may hold the only pointers to heap blocks: the leak sanitizer has to look there.
inline void note_pointers_in([[maybe_unused]] const void* memory,
                             [[maybe_unused]] std::size_t bytes) noexcept {
#if SNAG_ADDRESS_SANITIZER
  __lsan_register_root_region(memory, bytes);
#endif
}

// Before frames are left in a way that the compiler does not see (a forced unwinding).
inline void note_frames_left() noexcept {
#if SNAG_ADDRESS_SANITIZER
  __asan_handle_no_return();
#endif
}

}  // namespace snag::detail
