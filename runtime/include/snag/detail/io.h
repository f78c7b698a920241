// SPDX-License-Identifier: Apache-2.0
#pragma once
// The seam between goroutines and an event loop that the runtime does not know: <snag/asio.h> puts
// Boost.Asio's on its other side. Here is how a goroutine waits for an operation that a loop completes, and
// the thread that drives the process's loop. No loop's headers are included, so the library depends on none.
// Thread-safe.
#include <atomic>

#include "snag/config.h"
#include "snag/detail/object_header.h"

namespace snag::detail {

// One operation: lives on the stack of the goroutine that waits for it. What was done before complete()
// happens before wait() returns. What the goroutine did before it started the operation comes before its
// completion by the way that the operation itself took: to be called, whatever wraps *this has to be handed
// over without a race.
class io_wait {
 public:
  explicit io_wait(const void* pc) noexcept;
  ~io_wait();
  io_wait(const io_wait&) = delete;
  io_wait& operator=(const io_wait&) = delete;

  void wait() noexcept;      // until complete() was called; once
  void complete() noexcept;  // once, from any thread; *this may be gone when it returns

 private:
  object_header header_;
  const void* pc_;
  std::atomic<unsigned> lock_{0};  // a spin_mutex
  bool done_ = false;
  void* waiter_ = nullptr;
};

// While in scope, the goroutine stays on its thread and does not park, its locks are the thread's: for a
// loop's code that keeps its state in thread-local variables. Refused to threads, and while an observer has
// to learn of the locks.
class io_pin {
 public:
  io_pin() noexcept;
  ~io_pin();
  io_pin(const io_pin&) = delete;
  io_pin& operator=(const io_pin&) = delete;
  explicit operator bool() const noexcept { return worker_ != nullptr; }

 private:
  void* worker_;
};

// The process's event loop. Made once, never destroyed; its thread, one of the runtime's, calls nothing but
// run().
class io_loop {
 public:
  virtual void run() = 0;  // waits until anything happened, handles all that did
  // Whether anything is under way that may yet call a handler. From any thread.
  virtual bool pending() const noexcept = 0;

 protected:
  ~io_loop() = default;
};

// The loop, made on first use. In the child of a fork: a new one.
io_loop& process_loop(io_loop* (*make)());
// A descriptor that becomes readable when the runtime wants a turn of the loop, which has to wait for it and
// read it.
int io_bell() noexcept;
bool on_io_thread() noexcept;

}  // namespace snag::detail
