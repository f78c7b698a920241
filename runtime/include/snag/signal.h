// SPDX-License-Identifier: Apache-2.0
#pragma once
// Signals of the operating system as messages. Signals are plain numbers (SIGINT, SIGTERM, … of <csignal>).
//
//   chan<int> stop(1);
//   signal_notify(stop, SIGINT, SIGTERM);
//   stop.recv();
//
// No user code runs in a signal handler: a thread of the runtime sends. It never waits: what finds no
// receiver and no room in the channel is dropped, so give the channel room. A signal that nobody asked for
// keeps what it did before. While anybody is notified, waiting for ever is no deadlock: a signal may come.
// Semantics: Go, package os/signal. Thread-safe.
#include <csignal>
#include <memory>
#include <span>
#include <string>
#include <utility>

#include "snag/chan.h"
#include "snag/context.h"
#include "snag/go.h"
#include "snag/select.h"

namespace snag {

namespace detail {
void notify_signals(const send_chan<int>&, std::span<const int>);
void stop_signals(const send_chan<int>&);
void ignore_signals(std::span<const int>);
void reset_signals(std::span<const int>);
}  // namespace detail

// Sends these signals (all that can be caught, if none is named) to c from now on, besides those it gets
// already. A fault of the program itself (SIGSEGV, …) is not sent, only one from outside.
template <class... Signals>
void signal_notify(const send_chan<int>& c, Signals... signals) {
  const int list[] = {signals..., 0};
  detail::notify_signals(c, {list, sizeof...(signals)});
}
// c gets no signal any more once this returns. Those that nobody else wants do again what they did before.
inline void signal_stop(const send_chan<int>& c) { detail::stop_signals(c); }
// Takes these signals (all, if none is named) from every channel, and lets them have no effect.
template <class... Signals>
void signal_ignore(Signals... signals) {
  const int list[] = {signals..., 0};
  detail::ignore_signals({list, sizeof...(signals)});
}
// Takes these signals (all, if none is named) from every channel; they do again what they did at first.
template <class... Signals>
void signal_reset(Signals... signals) {
  const int list[] = {signals..., 0};
  detail::reset_signals({list, sizeof...(signals)});
}
bool signal_ignored(int signal);
std::string signal_name(int signal);  // "interrupt"; "signal 99" if it has none

namespace detail {
class notified_state {
 public:
  notified_state(cancel_cause_func cancel, chan<int> signals)
      : cancel_(std::move(cancel)), signals_(std::move(signals)) {}
  notified_state(const notified_state&) = delete;
  ~notified_state() { stop(); }
  void stop() const {
    cancel_();
    signal_stop(signals_);
  }

 private:
  const cancel_cause_func cancel_;
  const chan<int> signals_;
};
}  // namespace detail

// Cancels the context of notify_context and stops listening, as does the end of its last copy. Any number of
// times, from anywhere.
class [[nodiscard("the context is cancelled when its last stop function goes")]] signal_stop_func {
 public:
  explicit signal_stop_func(std::shared_ptr<const detail::notified_state> state) noexcept
      : state_(std::move(state)) {}
  void operator()() const {
    if (state_ != nullptr) state_->stop();
  }

 private:
  std::shared_ptr<const detail::notified_state> state_;
};
struct [[nodiscard]] notified_context {
  context ctx;
  signal_stop_func stop;
};

// A context that one of these signals cancels, too; cause() names it: "interrupt signal received". Until
// stop() is called, further ones have no effect.
template <class... Signals>
notified_context notify_context(const context& parent, Signals... signals) {
  auto [ctx, cancel] = with_cancel_cause(parent);
  const chan<int> arrived(1);
  auto state = std::make_shared<const detail::notified_state>(cancel, arrived);
  signal_notify(arrived, signals...);
  if (!ctx.err()) {
    go({.name = "notify_context"}, [ctx = ctx, cancel = cancel, arrived] {
      select(on_recv(arrived, [&](int n) { cancel(error(signal_name(n) + " signal received")); }),
             on_recv(ctx.done()));
    });
  }
  return {ctx, signal_stop_func(std::move(state))};
}

}  // namespace snag
