// SPDX-License-Identifier: Apache-2.0
// Programs with the older annotations, which they declare themselves.
#include <atomic>

#include "../containers/sides.h"

extern "C" {
void AnnotateHappensBefore(const char* file, int line, const volatile void* at);
void AnnotateHappensAfter(const char* file, int line, const volatile void* at);
void AnnotateRWLockCreate(const char* file, int line, const volatile void* lock);
void AnnotateRWLockDestroy(const char* file, int line, const volatile void* lock);
void AnnotateRWLockAcquired(const char* file, int line, const volatile void* lock, long is_writer);
void AnnotateRWLockReleased(const char* file, int line, const volatile void* lock, long is_writer);
void AnnotateIgnoreReadsBegin(const char* file, int line);
void AnnotateIgnoreReadsEnd(const char* file, int line);
void AnnotateIgnoreWritesBegin(const char* file, int line);
void AnnotateIgnoreWritesEnd(const char* file, int line);
void AnnotateBenignRaceSized(const char* file, int line, const volatile void* at, std::size_t bytes,
                             const char* why);
}
#define ANNOTATE(what, ...) Annotate##what(__FILE__, __LINE__ __VA_OPT__(, ) __VA_ARGS__)

NO_RACE(happens_before_and_after) {
  int value = 0;
  one_after_the_other(
      [&] {
        value = 1;
        ANNOTATE(HappensBefore, &value);
      },
      [&] {
        ANNOTATE(HappensAfter, &value);
        keep(value);
      });
}

RACE(happens_before_alone) {
  int value = 0;
  one_after_the_other(
      [&] {
        value = 1;  // <- 1
        ANNOTATE(HappensBefore, &value);
      },
      [&] { keep(value); });  // <- 2
}

NO_RACE(lock_of_relaxed_operations) {
  std::atomic<bool> taken = false;
  ANNOTATE(RWLockCreate, &taken);
  int value = 0;
  const auto add = [&] {
    while (taken.exchange(true, std::memory_order_relaxed)) let_others_run();
    ANNOTATE(RWLockAcquired, &taken, 1);
    ++value;
    ANNOTATE(RWLockReleased, &taken, 1);
    taken.store(false, std::memory_order_relaxed);
  };
  side_by_side(add, add);
  ANNOTATE(RWLockDestroy, &taken);
}

NO_RACE(reads_ignored) {
  int value = 0;
  side_by_side(
      [&] {
        ANNOTATE(IgnoreReadsBegin);
        keep(value);
        ANNOTATE(IgnoreReadsEnd);
      },
      [&] { value = 1; });
}

RACE(writes_are_no_reads) {
  int value = 0;
  side_by_side(
      [&] {
        ANNOTATE(IgnoreReadsBegin);
        value = 2;  // <- 1
        ANNOTATE(IgnoreReadsEnd);
      },
      [&] { value = 1; });  // <- 2
}

RACE(ignored_for_a_while_only) {
  int value = 0;
  side_by_side(
      [&] {
        ANNOTATE(IgnoreWritesBegin);
        value = 2;
        ANNOTATE(IgnoreWritesEnd);
        value = 3;  // <- 1
      },
      [&] { value = 1; });  // <- 2
}

NO_RACE(meant) {
  int hits = 0;
  ANNOTATE(BenignRaceSized, &hits, sizeof hits, "a statistic may lose a few");
  side_by_side([&] { ++hits; }, [&] { ++hits; });
}

RACE(meant_next_to_what_is_not) {
  struct {
    int hits = 0, other = 0;
  } counters;
  ANNOTATE(BenignRaceSized, &counters.hits, sizeof counters.hits, "a statistic may lose a few");
  side_by_side([&] { ++counters.other; },   // <- 1
               [&] { ++counters.other; });  // <- 2
}
