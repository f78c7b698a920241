// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a signal orders: all before it was sent, or its timer was set, happens before the handler that runs
// for it, and before the return of what waits for it or reads it. Each number and each receiver is a channel
// of its own, and so is each timer: siginfo_t says which of them a signal came by. What the program's own
// instructions raise orders nothing.
#include <pthread.h>
#include <signal.h>
#include <sys/types.h>

#include <cstdint>

#include "detector/src/race.h"

namespace snag::detector {

enum class signal_source : std::uint64_t { process = 1, thread, thread_number, interval, timer, outside };

constexpr kernel_channel signal_channel(signal_source from, int number, std::uint64_t identity) {
  constexpr std::uint64_t signals = 0x7369676eULL << 32;
  return {signals | static_cast<std::uint64_t>(from) << 8 | static_cast<std::uint64_t>(number), identity};
}
constexpr kernel_channel to_process(int number) { return signal_channel(signal_source::process, number, 0); }
constexpr kernel_channel to_thread(int number, pthread_t thread) {
  return signal_channel(signal_source::thread, number, thread);
}
constexpr kernel_channel to_thread_number(int number, pid_t thread) {
  return signal_channel(signal_source::thread_number, number, static_cast<std::uint64_t>(thread));
}
// setitimer, alarm.
constexpr kernel_channel of_interval(int number) {
  return signal_channel(signal_source::interval, number, 0);
}
// timer_settime; the kernel's number of the timer.
constexpr kernel_channel of_timer(std::uint64_t timer) {
  return signal_channel(signal_source::timer, 0, timer);
}
// By other processes: what we told any of them, or did before one was forked.
constexpr kernel_channel of_outside() { return signal_channel(signal_source::outside, 0, 0); }

// By whom the calling thread was sent this one.
void tell_signal_received(const siginfo_t&) noexcept;

}  // namespace snag::detector
