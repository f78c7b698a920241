// SPDX-License-Identifier: Apache-2.0
// Programs that annotate themselves for ThreadSanitizer, as <sanitizer/tsan_interface.h> has it.
#if !__has_feature(thread_sanitizer)
#error "code that asks whether it is to annotate itself is told no"
#endif
#include <sanitizer/tsan_interface.h>
#include <ucontext.h>

#include <atomic>
#include <memory>

#include "../containers/sides.h"

namespace {

// Atomics that order nothing by themselves; what is annotated must.
std::atomic<int> relaxed = 0;

void announce(int value) { relaxed.store(value, std::memory_order_relaxed); }
void await(int value) {
  while (relaxed.load(std::memory_order_relaxed) != value) let_others_run();
}

// A lock of relaxed operations, annotated as a mutex.
class annotated_lock {
 public:
  annotated_lock() { __tsan_mutex_create(this, 0); }
  ~annotated_lock() { __tsan_mutex_destroy(this, 0); }
  void lock() {
    __tsan_mutex_pre_lock(this, 0);
    while (state_.exchange(1, std::memory_order_relaxed) != 0) let_others_run();
    ++taken_;
    __tsan_mutex_post_lock(this, 0, 0);
  }
  bool try_lock() {
    __tsan_mutex_pre_lock(this, __tsan_mutex_try_lock);
    const bool got = state_.exchange(1, std::memory_order_relaxed) == 0;
    __tsan_mutex_post_lock(this, __tsan_mutex_try_lock | (got ? 0 : __tsan_mutex_try_lock_failed), 0);
    return got;
  }
  void unlock() {
    __tsan_mutex_pre_unlock(this, 0);
    state_.store(0, std::memory_order_relaxed);
    __tsan_mutex_post_unlock(this, 0);
  }
  void lock_shared() {
    __tsan_mutex_pre_lock(this, __tsan_mutex_read_lock);
    while (state_.exchange(1, std::memory_order_relaxed) != 0) let_others_run();
    readers_.fetch_add(1, std::memory_order_relaxed);
    state_.store(0, std::memory_order_relaxed);
    __tsan_mutex_post_lock(this, __tsan_mutex_read_lock, 0);
  }
  void unlock_shared() {
    __tsan_mutex_pre_unlock(this, __tsan_mutex_read_lock);
    readers_.fetch_sub(1, std::memory_order_relaxed);
    __tsan_mutex_post_unlock(this, __tsan_mutex_read_lock);
  }

 private:
  std::atomic<int> state_ = 0, readers_ = 0;
  int taken_ = 0;  // the lock's own code is not looked at
};

}  // namespace

NO_RACE(release_and_acquire) {
  int value = 0;
  side_by_side(
      [&] {
        value = 1;
        __tsan_release(&relaxed);
        announce(1);
      },
      [&] {
        await(1);
        __tsan_acquire(&relaxed);
        keep(value);
      });
}

RACE(released_too_early) {
  int value = 0;
  side_by_side(
      [&] {
        __tsan_release(&relaxed);
        value = 1;  // <- 1
        announce(1);
      },
      [&] {
        await(1);
        __tsan_acquire(&relaxed);
        keep(value);  // <- 2
      });
}

RACE(acquired_elsewhere) {
  int value = 0;
  char other = 0;
  side_by_side(
      [&] {
        value = 1;  // <- 1
        __tsan_release(&relaxed);
        announce(1);
      },
      [&] {
        await(1);
        __tsan_acquire(&other);
        keep(value);  // <- 2
      });
}

RACE(released_by_the_last_owner_of_the_memory, "what was annotated ends with the block") {
  int value = 0;
  side_by_side(
      [&] {
        value = 1;  // <- 1
        for (int i = 0; i < 100; ++i) {
          auto block = std::make_unique<char[]>(40);
          __tsan_release(block.get());
        }
        announce(1);
      },
      [&] {
        await(1);
        for (int i = 0; i < 100; ++i) {
          auto block = std::make_unique<char[]>(40);
          __tsan_acquire(block.get());
        }
        keep(value);  // <- 2
      });
}

NO_RACE(mutex_of_relaxed_operations) {
  annotated_lock lock;
  int value = 0;
  const auto add = [&] {
    lock.lock();
    ++value;
    lock.unlock();
  };
  side_by_side(add, add);
}

NO_RACE(mutex_tried) {
  annotated_lock lock;
  int value = 0;
  const auto add = [&] {
    while (!lock.try_lock()) let_others_run();
    ++value;
    lock.unlock();
  };
  side_by_side(add, add);
}

RACE(mutex_tried_in_vain) {
  annotated_lock lock;
  int value = 0;
  side_by_side(
      [&] {
        lock.lock();
        value = 1;  // <- 1
        announce(1);
        await(2);
        lock.unlock();
      },
      [&] {
        await(1);
        keep(lock.try_lock());
        keep(value);  // <- 2
        announce(2);
      });
}

RACE(mutex_of_one_side) {
  annotated_lock lock;
  int value = 0;
  side_by_side(
      [&] {
        lock.lock();
        ++value;  // <- 1
        lock.unlock();
      },
      [&] { ++value; });  // <- 2
}

NO_RACE(readers_and_a_writer) {
  annotated_lock lock;
  int value = 0;
  side_by_side(
      [&] {
        lock.lock_shared();
        keep(value);
        lock.unlock_shared();
        announce(1);
      },
      [&] {
        await(1);
        lock.lock();
        value = 1;
        lock.unlock();
      });
}

RACE(readers_do_not_order_each_other) {
  annotated_lock lock;
  int value = 0;
  one_after_the_other(
      [&] {
        lock.lock_shared();
        value = 1;  // <- 1
        lock.unlock_shared();
      },
      [&] {
        lock.lock_shared();
        keep(value);  // <- 2
        lock.unlock_shared();
      });
}

// --- Fibers: contexts that the program switches by itself.

namespace {

struct own_fiber {
  ucontext_t context;
  void* announced = nullptr;
  char stack[64 * 1024];
};

own_fiber worker_fiber;
ucontext_t outside;
void* outside_announced = nullptr;
int of_fiber = 0;
unsigned switch_flags = 0;

void back_out() {
  __tsan_switch_to_fiber(outside_announced, switch_flags);
  swapcontext(&worker_fiber.context, &outside);
}

void fiber_body() {
  of_fiber = 1;
  back_out();
}

void run_fiber() {
  outside_announced = __tsan_get_current_fiber();
  __tsan_switch_to_fiber(worker_fiber.announced, switch_flags);
  swapcontext(&outside, &worker_fiber.context);
}

void prepare_fiber() {
  getcontext(&worker_fiber.context);
  worker_fiber.context.uc_stack.ss_sp = worker_fiber.stack;
  worker_fiber.context.uc_stack.ss_size = sizeof worker_fiber.stack;
  makecontext(&worker_fiber.context, fiber_body, 0);
  worker_fiber.announced = __tsan_create_fiber(0);
  __tsan_set_fiber_name(worker_fiber.announced, "worker");
}

}  // namespace

NO_RACE(fiber_switched_in_order) {
  std::thread([] {
    prepare_fiber();
    of_fiber = 0;
    run_fiber();
    keep(of_fiber);
    __tsan_destroy_fiber(worker_fiber.announced);
  }).join();
}

NO_RACE(fiber_begins_after_its_creation, "also if no switch to it orders anything") {
  std::thread([] {
    switch_flags = __tsan_switch_to_fiber_no_sync;
    outside_announced = __tsan_get_current_fiber();
    of_fiber = 2;
    prepare_fiber();
    __tsan_switch_to_fiber(worker_fiber.announced, switch_flags);
    swapcontext(&outside, &worker_fiber.context);
  }).join();
}

RACE(fiber_switched_without_order, "what the switch does not order races, on one thread") {
  std::thread([] {
    switch_flags = __tsan_switch_to_fiber_no_sync;
    prepare_fiber();
    of_fiber = 2;
    run_fiber();
  }).join();
}
