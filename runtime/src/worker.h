// SPDX-License-Identifier: Apache-2.0
#pragma once
// An OS thread that runs goroutines, and the switching between them. A goroutine that parks goes straight to
// the next one when there is one; only a worker with nothing to run goes through its scheduler stack.
//
// Everything bound to the OS thread that a goroutine takes along is exchanged here: libstdc++'s exception
// globals (so that blocking inside a catch block, or in a destructor during unwinding, works) and errno.
#include <atomic>
#include <cstdint>

#include "runtime/src/context_switch.h"
#include "runtime/src/goroutine.h"

namespace snag::detail {

// What libstdc++ keeps per thread about exceptions (Itanium C++ ABI, 2.2.2); ours to keep per goroutine.
struct exception_state {
  void* caught = nullptr;
  unsigned uncaught = 0;
};

// Executed on the new side of a switch, once the goroutine that left is resumable.
using commit_function = void (*)(void*);

class worker {
 public:
  explicit worker(scheduler& home, bool steals = false) noexcept : steals_(steals), home_(home) {}
  virtual ~worker();
  worker(const worker&) = delete;

  scheduler& home() const noexcept { return home_; }
  goroutine* running() const noexcept {  // null: on the scheduler's stack
    return running_.load(std::memory_order_relaxed);
  }
  bool steals() const noexcept { return steals_; }  // is a stealing_worker

  // Makes the calling OS thread this worker's; answers whose it was. unbind_thread gives it back.
  worker* bind_thread() noexcept;
  static void unbind_thread(worker* previous) noexcept;

  // Leaves the running goroutine for `next`, or for the scheduler's stack if that is null; then runs commit.
  // Returns when the goroutine is resumed, perhaps on another worker.
  void leave(goroutine* next, commit_function commit, void* argument) noexcept;
  // The same for good: the goroutine has ended and gives its stack and block back.
  [[noreturn]] void leave_ended(goroutine* next) noexcept;
  // From the scheduler's stack: runs `next` until somebody comes back here.
  void run(goroutine& next) noexcept;
  // Declares that `self` runs on this thread already, on a stack that is not ours (main).
  void adopt(goroutine& self) noexcept { set_running(&self); }
  // For a thread whose own stack belongs to a goroutine (main): the scheduler gets `bounds` to run on.
  void set_scheduler_stack(events::stack_bounds bounds, void (*entry)(arrival)) noexcept;
  // First thing on a stack that was entered by a switch.
  static void arrive(arrival) noexcept;
  // The same at the lower end of a scheduler's stack, which has caught no exceptions yet: else those of
  // whoever left would stay the thread's, and be reachable, until it runs another goroutine.
  static void arrive_at_scheduler(arrival) noexcept;

  // Has a stack already, or one is at hand, perhaps that of the goroutine that ends.
  bool starts_at_once(const goroutine& g, const goroutine* ending) const noexcept {
    return g.started || g.stack || (g.stack_wish == 0 && stack_count_ > resting_stacks()) ||
           (ending != nullptr && ending->stack_wish == g.stack_wish);
  }
  void recycle(goroutine& ended) noexcept;
  goroutine* take_block() noexcept;

  std::atomic<std::uint64_t> ended{0};  // goroutines that ended here
  bool ends_thread = false;  // its goroutine ended while locked to the thread: back to the scheduler's stack

  // Goroutines started less goroutines ended here: only the sum over all workers means something.
  std::atomic<std::int64_t> alive{0};
  // Until unpin, the running goroutine waits for the C library's locks as a plain thread does, and must not
  // park.
  void pin() noexcept { *thread_running_ = nullptr; }
  void unpin() noexcept { *thread_running_ = running(); }
  // Ticks with every switch: whoever sees it move knows that this worker is not stuck.
  std::atomic<std::uint64_t> tick{0};
  // Locks taken here by goroutines that are watched, and so take their time between two: written by this
  // worker.
  std::atomic<std::uint64_t> locks_taken{0};
  // Why the goroutine parked that left nobody to run next.
  events::wait_reason left_for = events::wait_reason::none;

 private:
  struct departure;
  static void first_entry(arrival) noexcept;
  void enter(goroutine* next, departure&, bool for_good = false) noexcept;
  void start(goroutine& fresh) noexcept;
  void succeed(goroutine& ended, goroutine& fresh) noexcept;
  void set_thread_state(exception_state exceptions, int error) noexcept {
    *thread_exceptions_ = exceptions;
    *thread_errno_ = error;
  }
  void set_running(goroutine* g) noexcept {
    running_.store(g, std::memory_order_relaxed);
    *thread_running_ = g;
  }
  // Observers may tell who still uses the variables of a goroutine that has ended, as long as nobody else's
  // lie there: so its stack rests while others are used, instead of being the next.
  static std::size_t resting_stacks() noexcept { return events::installed() != nullptr ? 16 : 0; }
  stack_block take_stack(std::size_t bytes) noexcept;
  void put_stack(stack_block) noexcept;

  static constexpr std::size_t cached_stacks = 128;
  static constexpr std::size_t cached_blocks = 128;

  const bool steals_;
  scheduler& home_;
  std::atomic<goroutine*> running_{nullptr};  // the monitor and dumps look at it, too
  void* scheduler_context_ = nullptr;
  exception_state* thread_exceptions_ = nullptr;  // __cxa_get_globals() of the bound thread
  int* thread_errno_ = nullptr;
  goroutine** thread_running_ = nullptr;  // snag_running_goroutine of the bound thread

  // Caches: last in, first out, because the last one's memory is still in the CPU's cache.
  stack_block stacks_[cached_stacks];
  std::size_t stack_count_ = 0;
  goroutine* blocks_ = nullptr;
  std::size_t block_count_ = 0;
};

// The worker of the calling OS thread; null on a foreign one. Read as running_goroutine() is.
extern "C" [[gnu::visibility("hidden"),
             gnu::tls_model("initial-exec")]] constinit thread_local worker* snag_bound_worker;
inline worker* this_worker() noexcept {
  worker* w;
  asm volatile("movq snag_bound_worker@gottpoff(%%rip), %0\n\tmovq %%fs:(%0), %0" : "=r"(w));
  return w;
}
inline void count_lock_taken() noexcept {
  if (worker* const w = this_worker())
    w->locks_taken.store(w->locks_taken.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
}

}  // namespace snag::detail
