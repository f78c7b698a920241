// SPDX-License-Identifier: Apache-2.0
#pragma once
// The process's io_context, as the runtime's thread drives it, and the way past that thread for operations
// that need not wait. All that <snag/asio.h> takes from the inside of Boost.Asio is here; it fits 1.81, and
// does not compile with a version that has changed it. Thread-safe.
#include <boost/asio/execution.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/query.hpp>

#include <cstdint>
#include <string_view>
#include <type_traits>
#include <utility>

#include "snag/detail/io.h"

namespace snag::detail {

// The number of operations under way is Asio's own secret, and the only thing that tells a program that waits
// for input from one that waits for nothing. An explicit instantiation may name a private member
// ([temp.spec]/6).
using work_counter = boost::asio::detail::atomic_count boost::asio::detail::scheduler::*;
work_counter outstanding_work() noexcept;
template <work_counter Member>
struct work_counter_access {
  friend work_counter outstanding_work() noexcept { return Member; }
};
template struct work_counter_access<&boost::asio::detail::scheduler::outstanding_work_>;

class asio_loop final : public io_loop {
 public:
  static io_loop* make() { return new asio_loop; }
  boost::asio::io_context& context() noexcept { return context_; }
  boost::asio::detail::scheduler& scheduler() noexcept { return scheduler_; }

 private:
  asio_loop() { answer_bell(); }
  void answer_bell() {
    bell_.async_wait(boost::asio::posix::descriptor_base::wait_read, [this](boost::system::error_code) {
      std::uint64_t rung;
      boost::system::error_code nobody_rang;
      bell_.read_some(boost::asio::buffer(&rung, sizeof rung), nobody_rang);
      answer_bell();
    });
  }
  void run() override {
    constexpr int most = 256;  // who is ready must not wait for handlers that go on for ever
    context_.run_one();
    for (int i = 0; i < most && context_.poll_one() != 0; ++i) {
    }
  }
  bool pending() const noexcept override {
    constexpr long always = 2;  // the guard, and the wait for the bell
    return scheduler_.*outstanding_work() > always;
  }

  boost::asio::io_context context_{1};  // one thread runs it
  boost::asio::detail::scheduler& scheduler_ =
      boost::asio::use_service<boost::asio::detail::scheduler>(context_);
  const boost::asio::executor_work_guard<boost::asio::io_context::executor_type> guard_{
      context_.get_executor()};
  boost::asio::posix::stream_descriptor bell_{context_, io_bell()};
};

inline asio_loop& the_asio_loop() { return static_cast<asio_loop&>(process_loop(asio_loop::make)); }

// --- Operations that need not wait.

// Asio hands every result to the thread that runs the io_context, also one that was there at once: most
// writes, and reads of what has arrived. start_io lets the caller be such a thread while it starts an
// operation, so that what is complete by then goes into a queue of its own, which it empties itself: no
// change of threads.

template <class T>
constexpr std::string_view type_name() noexcept {
  std::string_view name = __PRETTY_FUNCTION__;
  name.remove_prefix(name.find("T = ") + 4);
  return name;
}
// Only for sockets of Asio's own, where no code of the user's could park in between. What starts an operation
// is a private member of theirs: only its name can be had.
template <class T>
constexpr bool is_asios_own() noexcept {
  const std::string_view name = type_name<std::remove_cvref_t<T>>();
  return std::is_arithmetic_v<std::remove_cvref_t<T>> ||
         ((name.starts_with("boost::asio::") || name.starts_with("const boost::asio::")) &&
          name.find("lambda") == name.npos && name.find("std::function") == name.npos);
}
template <class Initiation, class... Args>
constexpr bool may_start_here =
    (type_name<std::remove_cvref_t<Initiation>>().starts_with("boost::asio::basic_") ||
     type_name<std::remove_cvref_t<Initiation>>().starts_with(
         "boost::asio::detail::initiate_async_write<boost::asio::basic_") ||
     type_name<std::remove_cvref_t<Initiation>>().starts_with(
         "boost::asio::detail::initiate_async_read<boost::asio::basic_")) &&
    is_asios_own<Initiation>() && (is_asios_own<std::remove_pointer_t<std::remove_cvref_t<Args>>>() && ...);

// Makes the calling thread one that runs the io_context, until the end of the scope.
class loop_turn : private boost::asio::detail::thread_context {
 public:
  explicit loop_turn(boost::asio::detail::scheduler& scheduler) noexcept : scheduler_(scheduler) {
    thread_.private_outstanding_work = 0;
  }
  ~loop_turn() {
    // As scheduler::work_cleanup does.
    for (; thread_.private_outstanding_work > done_; ++done_) scheduler_.work_started();
    for (; thread_.private_outstanding_work < done_; --done_) scheduler_.work_finished();
  }
  loop_turn(const loop_turn&) = delete;
  void complete_all() {
    while (boost::asio::detail::scheduler_operation* const operation = thread_.private_op_queue.front()) {
      thread_.private_op_queue.pop();
      ++done_;
      operation->complete(&scheduler_, {}, 0);
    }
  }

 private:
  boost::asio::detail::scheduler& scheduler_;
  long done_ = 0;
  boost::asio::detail::scheduler_thread_info thread_;
  const thread_call_stack::context running_{&scheduler_, thread_};
};

// Not inlined: it must not share the address of a thread-local variable with code on the other side of a
// park.
template <class Initiation, class Handler, class... Args>
[[gnu::noinline]] void start_io(Initiation&& initiation, Handler handler, Args&&... args) {
  if constexpr (may_start_here<Initiation, Args...> && requires { initiation.get_executor(); }) {
    asio_loop& loop = the_asio_loop();
    if (&boost::asio::query(initiation.get_executor(), boost::asio::execution::context) == &loop.context()) {
      if (const io_pin pin; pin) {
        loop_turn turn(loop.scheduler());
        std::forward<Initiation>(initiation)(std::move(handler), std::forward<Args>(args)...);
        return turn.complete_all();
      }
    }
  }
  std::forward<Initiation>(initiation)(std::move(handler), std::forward<Args>(args)...);
}

}  // namespace snag::detail
