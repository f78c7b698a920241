// SPDX-License-Identifier: Apache-2.0
#pragma once
// A scope that looks, knowingly, at what other threads are changing: ThreadSanitizer reports nothing of it.
#include "runtime/src/sanitizer.h"

#if SNAG_THREAD_SANITIZER
extern "C" void AnnotateIgnoreReadsEnd(const char* file, int line);  // of compiler-rt, as in sanitizer.h
#endif

namespace snag::detail {

class racing_reads {
 public:
#if SNAG_THREAD_SANITIZER
  racing_reads() noexcept { AnnotateIgnoreReadsBegin(__FILE__, __LINE__); }
  ~racing_reads() { AnnotateIgnoreReadsEnd(__FILE__, __LINE__); }
#else
  racing_reads() noexcept {}
#endif
  racing_reads(const racing_reads&) = delete;
  racing_reads& operator=(const racing_reads&) = delete;
};

}  // namespace snag::detail
