// SPDX-License-Identifier: Apache-2.0
#pragma once
// From a signal handler to the channels of signal_notify. The handler only sets a bit and wakes a thread, the
// relay, which is an ordinary foreign thread to the runtime: it counts as somebody who may wake a goroutine
// while a channel is registered, and is parked while none is. Thread-safe.
#include <signal.h>

#include <atomic>
#include <cstdint>
#include <span>
#include <vector>

#include "runtime/src/scheduler.h"
#include "runtime/src/spin_mutex.h"
#include "snag/chan.h"

namespace snag::detail {

class signal_relay {
 public:
  static signal_relay& instance() noexcept;

  void notify(const send_chan<int>&, std::span<const int> signals);
  void stop(const send_chan<int>&);
  enum class action : std::uint8_t { reset, ignore };
  void withdraw(std::span<const int> signals, action);
  bool ignored(int signal) noexcept;

  // Around fork(): the child gets a thread of its own if it listens to anything.
  static void before_fork() noexcept;
  static void after_fork(bool in_child) noexcept;

 private:
  static constexpr int last_signal = 64;
  static constexpr std::uint64_t bit(int signal) noexcept { return std::uint64_t{1} << (signal - 1); }
  static std::uint64_t mask_of(std::span<const int> signals) noexcept;

  struct registration {
    send_chan<int> to;
    std::uint64_t wanted;
  };
  struct stopping {  // somebody in stop(), until what was caught before has been sent
    goroutine* who;
    registration what;
    stopping* next;
  };

  static void on_signal(int, siginfo_t*, void*) noexcept;
  void enable(int signal) noexcept SNAG_REQUIRES(mutex_);
  void disable(int signal) noexcept SNAG_REQUIRES(mutex_);
  void disable_unwanted(std::uint64_t candidates) noexcept SNAG_REQUIRES(mutex_);
  void start_thread() noexcept SNAG_REQUIRES(mutex_);
  void ring() noexcept;
  [[noreturn]] void run();
  void relay_once(stopping* leaving);

  // What the handler touches.
  std::atomic<std::uint64_t> wanted_{0};
  std::atomic<std::uint64_t> caught_{0};
  std::atomic<std::uint32_t> handling_{0};  // handlers under way
  std::atomic<std::uint32_t> bell_{0};      // futex word of the relay

  spin_mutex mutex_;
  std::vector<registration> registered_ SNAG_GUARDED_BY(mutex_);
  stopping* stopping_ SNAG_GUARDED_BY(mutex_) = nullptr;
  goroutine* thread_ SNAG_GUARDED_BY(mutex_) = nullptr;  // null: not started
  bool parked_ SNAG_GUARDED_BY(mutex_) = false;
  std::uint64_t changed_ SNAG_GUARDED_BY(mutex_) = 0;  // signals whose first disposition is in original_
  struct sigaction original_[last_signal + 1] SNAG_GUARDED_BY(mutex_) = {};
};

}  // namespace snag::detail
