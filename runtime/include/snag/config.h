// SPDX-License-Identifier: Apache-2.0
#pragma once
// Attributes shared by the public headers and the runtime: what the compiler checks about locks, and what the
// instrumentation has to know about functions that run inside the user's translation units.

#if __cplusplus < 202002L
#error "Snag's headers need C++20: compile with -std=c++20 or later"
#endif

#include <version>
#ifdef _LIBCPP_VERSION
#error \
    "Snag's runtime is compiled with libstdc++: leave -stdlib=libc++ out (programs without goroutines may have it)"
#endif

#if defined(__clang__)
#define SNAG_ATTRIBUTE(x) __attribute__((x))
// Put on functions of our headers that touch the user's own objects (copying an element in or out). They are
// instrumented like user code; every other function of these headers is not.
#define SNAG_USER_ACCESS [[clang::annotate("snag.user_access")]]
// Of a pointer parameter: the function does not keep it when it returns, so what it points to stays as
// private to its goroutine as it was.
#define SNAG_NOESCAPE [[clang::noescape]]
#else
#define SNAG_ATTRIBUTE(x)
#define SNAG_USER_ACCESS
#define SNAG_NOESCAPE
#endif

// `= delete` that says why, where the compiler can: the reason ends up in its error message.
#if defined(__clang__) && defined(__cpp_deleted_function)
#define SNAG_DELETE_BECAUSE(reason)                                                             \
  _Pragma("clang diagnostic push") _Pragma("clang diagnostic ignored \"-Wc++26-extensions\"") = \
      delete (reason)_Pragma("clang diagnostic pop")
#else
#define SNAG_DELETE_BECAUSE(reason) = delete
#endif

// Clang's thread-safety analysis (clang.llvm.org/docs/ThreadSafetyAnalysis.html); nothing elsewhere.
#define SNAG_CAPABILITY(x) SNAG_ATTRIBUTE(capability(x))
#define SNAG_SCOPED_CAPABILITY SNAG_ATTRIBUTE(scoped_lockable)
#define SNAG_GUARDED_BY(x) SNAG_ATTRIBUTE(guarded_by(x))
#define SNAG_PT_GUARDED_BY(x) SNAG_ATTRIBUTE(pt_guarded_by(x))
#define SNAG_REQUIRES(...) SNAG_ATTRIBUTE(requires_capability(__VA_ARGS__))
#define SNAG_REQUIRES_SHARED(...) SNAG_ATTRIBUTE(requires_shared_capability(__VA_ARGS__))
#define SNAG_ACQUIRE(...) SNAG_ATTRIBUTE(acquire_capability(__VA_ARGS__))
#define SNAG_ACQUIRE_SHARED(...) SNAG_ATTRIBUTE(acquire_shared_capability(__VA_ARGS__))
#define SNAG_RELEASE(...) SNAG_ATTRIBUTE(release_capability(__VA_ARGS__))
#define SNAG_RELEASE_SHARED(...) SNAG_ATTRIBUTE(release_shared_capability(__VA_ARGS__))
#define SNAG_RELEASE_GENERIC(...) SNAG_ATTRIBUTE(release_generic_capability(__VA_ARGS__))
#define SNAG_TRY_ACQUIRE(...) SNAG_ATTRIBUTE(try_acquire_capability(__VA_ARGS__))
#define SNAG_TRY_ACQUIRE_SHARED(...) SNAG_ATTRIBUTE(try_acquire_shared_capability(__VA_ARGS__))
#define SNAG_EXCLUDES(...) SNAG_ATTRIBUTE(locks_excluded(__VA_ARGS__))
#define SNAG_RETURN_CAPABILITY(x) SNAG_ATTRIBUTE(lock_returned(x))
#define SNAG_NO_THREAD_SAFETY_ANALYSIS SNAG_ATTRIBUTE(no_thread_safety_analysis)
