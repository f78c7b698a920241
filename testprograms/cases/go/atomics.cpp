// SPDX-License-Identifier: Apache-2.0
// Go's race detector's own cases about sync/atomic (src/runtime/race/testdata/atomic_test.go), with
// std::atomic in its default order, which is Go's only one. Go's atomic functions on a plain variable are
// std::atomic_ref.
#include <snag/snag.h>
#include <sys/mman.h>

#include <atomic>
#include <csetjmp>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <mutex>
#include <new>

#include "../case.h"
#include "../use.h"

NO_RACE(TestNoRaceAtomicAddInt64, "who adds last has seen what the other did before it added") {
  int x1 = 0, x2 = 0;
  std::atomic<std::int64_t> sum = 0;
  snag::wait_group both;
  both.go([&] {
    x1 = 1;
    if (++sum == 2) x2 = 1;
  });
  both.go([&] {
    x2 = 1;
    if (++sum == 2) x1 = 1;
  });
  both.wait();
}

RACE(TestRaceAtomicAddInt64, "who adds first has seen nothing") {
  int x1 = 0, x2 = 0;
  std::atomic<std::int64_t> sum = 0;
  snag::wait_group both;
  both.go([&] {
    x1 = 1;                  // <- 1
    if (++sum == 1) x2 = 1;  // <- 1
  });
  both.go([&] {
    x2 = 1;                  // <- 2
    if (++sum == 1) x1 = 1;  // <- 2
  });
  both.wait();
}

NO_RACE(TestNoRaceAtomicAddInt32) {
  int x1 = 0, x2 = 0;
  std::atomic<std::int32_t> sum = 0;
  snag::wait_group both;
  both.go([&] {
    x1 = 1;
    if (++sum == 2) x2 = 1;
  });
  both.go([&] {
    x2 = 1;
    if (++sum == 2) x1 = 1;
  });
  both.wait();
}

NO_RACE(TestNoRaceAtomicLoadAddInt32) {
  int x = 0;
  std::atomic<std::int32_t> published = 0;
  snag::wait_group other;
  other.go([&] {
    x = 2;
    ++published;
  });
  while (published != 1) snag::yield();
  x = 1;
  other.wait();
}

NO_RACE(TestNoRaceAtomicLoadStoreInt32) {
  int x = 0;
  std::atomic<std::int32_t> published = 0;
  snag::wait_group other;
  other.go([&] {
    x = 2;
    published = 1;
  });
  while (published != 1) snag::yield();
  x = 1;
  other.wait();
}

NO_RACE(TestNoRaceAtomicStoreCASInt32) {
  int x = 0;
  std::atomic<std::int32_t> published = 0;
  snag::wait_group other;
  other.go([&] {
    x = 2;
    published = 1;
  });
  for (std::int32_t expected = 1; !published.compare_exchange_strong(expected, 0); expected = 1)
    snag::yield();
  x = 1;
  other.wait();
}

NO_RACE(TestNoRaceAtomicCASLoadInt32) {
  int x = 0;
  std::atomic<std::int32_t> published = 0;
  snag::wait_group other;
  other.go([&] {
    x = 2;
    std::int32_t expected = 0;
    if (!published.compare_exchange_strong(expected, 1)) std::abort();
  });
  while (published != 1) snag::yield();
  x = 1;
  other.wait();
}

NO_RACE(TestNoRaceAtomicCASCASInt32) {
  int x = 0;
  std::atomic<std::int32_t> published = 0;
  snag::wait_group other;
  other.go([&] {
    x = 2;
    std::int32_t expected = 0;
    if (!published.compare_exchange_strong(expected, 1)) std::abort();
  });
  for (std::int32_t expected = 1; !published.compare_exchange_strong(expected, 0); expected = 1)
    snag::yield();
  x = 1;
  other.wait();
}

NO_RACE(TestNoRaceAtomicCASCASInt32_2, "a compare_exchange that fails is a load, and acquires") {
  int x1 = 0, x2 = 0;
  std::atomic<std::int32_t> winners = 0;
  snag::wait_group both;
  both.go([&] {
    x1 = 1;
    std::int32_t expected = 0;
    if (!winners.compare_exchange_strong(expected, 1)) x2 = 1;
  });
  both.go([&] {
    x2 = 1;
    std::int32_t expected = 0;
    if (!winners.compare_exchange_strong(expected, 1)) x1 = 1;
  });
  both.wait();
}

NO_RACE(TestNoRaceAtomicLoadInt64) {
  int x = 0;
  std::atomic<std::int64_t> published = 0;
  snag::wait_group other;
  other.go([&] {
    x = 2;
    published += std::int64_t{1} << 40;
  });
  while (published == 0) snag::yield();
  x = 1;
  other.wait();
}

NO_RACE(TestNoRaceAtomicCASCASUInt64) {
  int x = 0;
  std::atomic<std::uint64_t> published = 0;
  snag::wait_group other;
  other.go([&] {
    x = 2;
    std::uint64_t expected = 0;
    if (!published.compare_exchange_strong(expected, 1)) std::abort();
  });
  for (std::uint64_t expected = 1; !published.compare_exchange_strong(expected, 0); expected = 1)
    snag::yield();
  x = 1;
  other.wait();
}

NO_RACE(TestNoRaceAtomicLoadStorePointer) {
  int x = 0;
  std::atomic<int*> published = nullptr;
  snag::wait_group other;
  other.go([&] {
    x = 2;
    published = &x;
  });
  while (published == nullptr) snag::yield();
  *published = 1;
  other.wait();
}

NO_RACE(TestNoRaceAtomicStoreCASUint64) {
  int x = 0;
  std::atomic<std::uint64_t> published = 0;
  snag::wait_group other;
  other.go([&] {
    x = 2;
    published = 1;
  });
  for (std::uint64_t expected = 1; !published.compare_exchange_strong(expected, 0); expected = 1)
    snag::yield();
  x = 1;
  other.wait();
}

RACE(TestRaceAtomicStoreLoad) {
  std::uint64_t a = 0;
  snag::wait_group other;
  other.go([&] { std::atomic_ref(a).store(1); });  // <- 1
  use(a);                                          // <- 2
  other.wait();
}

RACE(TestRaceAtomicLoadStore) {
  std::uint64_t a = 0;
  snag::wait_group other;
  other.go([&] { use(std::atomic_ref(a).load()); });  // <- 1
  a = 1;                                              // <- 2
  other.wait();
}

RACE(TestRaceAtomicAddLoad) {
  std::uint64_t a = 0;
  snag::wait_group other;
  other.go([&] { std::atomic_ref(a).fetch_add(1); });  // <- 1
  use(a);                                              // <- 2
  other.wait();
}

RACE(TestRaceAtomicAddStore) {
  std::uint64_t a = 0;
  snag::wait_group other;
  other.go([&] { std::atomic_ref(a).fetch_add(1); });  // <- 1
  a = 42;                                              // <- 2
  other.wait();
}

static sigjmp_buf before_the_crash;

// C++ has no panic for a bad pointer. The signal's handler leaves the operation in its midst, as Go's recover
// does: whatever was held meanwhile must be free again.
NO_RACE(TestNoRaceAtomicCrash, "the addition never happened, and everything works after it") {
  constexpr std::size_t page_size = 4096;
  void* const page = mmap(nullptr, page_size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (page == MAP_FAILED) std::abort();
  auto* const unreachable = new (page) std::atomic<std::int32_t>(0);
  if (mprotect(page, page_size, PROT_NONE) != 0) std::abort();

  struct sigaction leave = {}, before = {};
  leave.sa_handler = [](int) { siglongjmp(before_the_crash, 1); };
  sigaction(SIGSEGV, &leave, &before);
  if (sigsetjmp(before_the_crash, 1) == 0) {
    unreachable->fetch_add(1);
    std::abort();
  }
  sigaction(SIGSEGV, &before, nullptr);

  std::int32_t sum = 0;
  std::atomic<std::int32_t> atomic_sum = 0;
  snag::mutex m;
  snag::wait_group both;
  for (int i = 0; i < 2; ++i) {
    both.go([&] {
      ++atomic_sum;
      std::lock_guard lock(m);
      ++sum;
    });
  }
  both.wait();
  if (sum != 2 || atomic_sum != 2) std::abort();
  munmap(page, page_size);
}

struct leaf {
  std::atomic<std::int64_t> busy = 0;
};

static void fork_twice(snag::wait_group all, leaf& own, int depth) {
  own.busy.store(1);
  snag::defer idle([&] { own.busy.store(0); });
  if (depth == 0) return;
  for (int i = 0; i < 2; ++i)
    all.go([=, of_child = std::make_unique<leaf>()] { fork_twice(all, *of_child, depth - 1); });
}

NO_RACE(TestNoRaceDeferAtomicStore, "each goroutine's last action is a store") {
  snag::wait_group all;
  leaf root;
  fork_twice(all, root, 7);
  all.wait();
}
