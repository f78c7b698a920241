// SPDX-License-Identifier: Apache-2.0
// The older annotations, of Google's dynamic_annotations.h, which ThreadSanitizer understands too
// (compiler-rt, lib/tsan/rtl/tsan_interface_ann.cpp): weak there and here, for a program may bring its own
// empty ones. They name their place in the source, which the call's own site knows better.
#include <cstddef>
#include <cstdint>

#include "detector/src/annotations.h"

using namespace snag;
using namespace snag::detector;

namespace {
events::lock_mode mode_of(long is_writer) {
  return is_writer != 0 ? events::lock_mode::exclusive : events::lock_mode::shared;
}
}  // namespace

#define SNAG_ANNOTATION(name, ...) [[gnu::weak]] void name(const char*, int __VA_OPT__(, ) __VA_ARGS__)

extern "C" {

SNAG_ANNOTATION(AnnotateHappensBefore, std::uintptr_t at) {
  annotate_release(reinterpret_cast<const void*>(at));
}
SNAG_ANNOTATION(AnnotateHappensAfter, std::uintptr_t at) {
  annotate_acquire(reinterpret_cast<const void*>(at));
}
SNAG_ANNOTATION(WTFAnnotateHappensBefore, std::uintptr_t at) {
  annotate_release(reinterpret_cast<const void*>(at));
}
SNAG_ANNOTATION(WTFAnnotateHappensAfter, std::uintptr_t at) {
  annotate_acquire(reinterpret_cast<const void*>(at));
}

SNAG_ANNOTATION(AnnotateRWLockCreate, std::uintptr_t) {}
SNAG_ANNOTATION(AnnotateRWLockCreateStatic, std::uintptr_t) {}
SNAG_ANNOTATION(AnnotateRWLockDestroy, std::uintptr_t lock) {
  annotate_end_of(reinterpret_cast<const void*>(lock));
}
SNAG_ANNOTATION(AnnotateRWLockAcquired, std::uintptr_t lock, long is_writer) {
  annotate_lock_taken(reinterpret_cast<const void*>(lock), mode_of(is_writer));
}
SNAG_ANNOTATION(AnnotateRWLockReleased, std::uintptr_t lock, long is_writer) {
  annotate_lock_given_back(reinterpret_cast<const void*>(lock), mode_of(is_writer));
}

SNAG_ANNOTATION(AnnotateIgnoreReadsBegin) { begin_ignoring(ignored::reads); }
SNAG_ANNOTATION(AnnotateIgnoreReadsEnd) { end_ignoring(ignored::reads); }
SNAG_ANNOTATION(AnnotateIgnoreWritesBegin) { begin_ignoring(ignored::writes); }
SNAG_ANNOTATION(AnnotateIgnoreWritesEnd) { end_ignoring(ignored::writes); }
SNAG_ANNOTATION(AnnotateIgnoreSyncBegin) { begin_ignoring(ignored::synchronisation); }
SNAG_ANNOTATION(AnnotateIgnoreSyncEnd) { end_ignoring(ignored::synchronisation); }
SNAG_ANNOTATION(AnnotateBenignRace, std::uintptr_t at, const char*) {
  annotate_benign_race(reinterpret_cast<const void*>(at), 1);
}
SNAG_ANNOTATION(AnnotateBenignRaceSized, std::uintptr_t at, std::size_t bytes, const char*) {
  annotate_benign_race(reinterpret_cast<const void*>(at), bytes);
}
SNAG_ANNOTATION(WTFAnnotateBenignRaceSized, std::uintptr_t at, std::size_t bytes, const char*) {
  annotate_benign_race(reinterpret_cast<const void*>(at), bytes);
}

// Of detectors that followed locks rather than order, or of Valgrind: nothing is to be learned from them.
SNAG_ANNOTATION(AnnotateCondVarSignal, std::uintptr_t) {}
SNAG_ANNOTATION(AnnotateCondVarSignalAll, std::uintptr_t) {}
SNAG_ANNOTATION(AnnotateCondVarWait, std::uintptr_t, std::uintptr_t) {}
SNAG_ANNOTATION(AnnotateMutexIsNotPHB, std::uintptr_t) {}
SNAG_ANNOTATION(AnnotateMutexIsUsedAsCondVar, std::uintptr_t) {}
SNAG_ANNOTATION(AnnotateTraceMemory, std::uintptr_t) {}
SNAG_ANNOTATION(AnnotateFlushState) {}
SNAG_ANNOTATION(AnnotateNewMemory, std::uintptr_t, std::size_t) {}
SNAG_ANNOTATION(AnnotateNoOp, std::uintptr_t) {}
SNAG_ANNOTATION(AnnotateFlushExpectedRaces) {}
SNAG_ANNOTATION(AnnotateEnableRaceDetection, int) {}
SNAG_ANNOTATION(AnnotatePCQCreate, std::uintptr_t) {}
SNAG_ANNOTATION(AnnotatePCQDestroy, std::uintptr_t) {}
SNAG_ANNOTATION(AnnotatePCQPut, std::uintptr_t) {}
SNAG_ANNOTATION(AnnotatePCQGet, std::uintptr_t) {}
SNAG_ANNOTATION(AnnotateExpectRace, std::uintptr_t, const char*) {}
SNAG_ANNOTATION(AnnotatePublishMemoryRange, std::uintptr_t, std::uintptr_t) {}
SNAG_ANNOTATION(AnnotateUnpublishMemoryRange, std::uintptr_t, std::uintptr_t) {}
SNAG_ANNOTATION(AnnotateThreadName, const char*) {}
SNAG_ANNOTATION(AnnotateMemoryIsInitialized, std::uintptr_t, std::size_t) {}
SNAG_ANNOTATION(AnnotateMemoryIsUninitialized, std::uintptr_t, std::size_t) {}

[[gnu::weak]] int RunningOnValgrind() { return 0; }
[[gnu::weak]] double ValgrindSlowdown() { return 0; }
[[gnu::weak]] const char* ThreadSanitizerQuery(const char*) { return "0"; }

}  // extern "C"
