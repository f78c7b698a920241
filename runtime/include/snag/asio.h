// SPDX-License-Identifier: Apache-2.0
#pragma once
// Boost.Asio for goroutines. With the completion token use_goroutine an asynchronous operation becomes a call
// that parks the goroutine and returns the operation's result; no worker blocks.
//
//   tcp::socket socket(snag::io_context());
//   std::size_t n = socket.async_read_some(buffer, snag::use_goroutine);       // throws
//   boost::system::system_error std::size_t n = socket.async_read_some(buffer, snag::use_goroutine[ec]);   //
//   tells ec instead … socket.async_read_some(buffer, snag::use_goroutine(ctx));  // ends with
//   operation_aborted when ctx is cancelled
//
// An operation with several results returns a tuple; a result needs to be movable, no more. The token works
// with every io_context; snag::io_context() is the process's, which a thread of the runtime's drives.
// Handlers that are plain functions run on that thread, which must not wait; goroutines that are woken resume
// on workers.
//
// Source: Boost.Asio 1.81, "Asynchronous Model", "Per-Operation Cancellation". Not part of snag.h: include it
// where it is needed, and link nothing more. Thread-safe as Asio is: two goroutines must not use one socket
// at once, but for one that reads and one that writes.
#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/system/system_error.hpp>

#include <exception>
#include <memory>
#include <mutex>
#include <optional>
#include <tuple>
#include <type_traits>
#include <utility>

#include "snag/context.h"
#include "snag/detail/asio_loop.h"
#include "snag/detail/inline.h"
#include "snag/detail/io.h"
#include "snag/panic.h"
#include "snag/wait_group.h"

namespace snag {

namespace detail {
struct io_token;
}

class use_goroutine_t {
 public:
  constexpr use_goroutine_t() noexcept = default;

  // The error goes to `error` instead of being thrown.
  [[nodiscard]] constexpr use_goroutine_t operator[](boost::system::error_code& error) const noexcept {
    return {&error, context_};
  }
  // The operation is cancelled when ctx is. ctx must outlive the call.
  [[nodiscard]] constexpr use_goroutine_t operator()(const context& ctx) const noexcept { return with(ctx); }
  [[nodiscard]] constexpr use_goroutine_t with(const context& ctx) const noexcept { return {error_, &ctx}; }

 private:
  friend struct detail::io_token;
  constexpr use_goroutine_t(boost::system::error_code* error, const context* ctx) noexcept
      : error_(error), context_(ctx) {}
  boost::system::error_code* error_ = nullptr;  // null: throw
  const context* context_ = nullptr;            // null: never cancelled
};
inline constexpr use_goroutine_t use_goroutine;

namespace detail {

struct io_token {  // what a token says
  io_token(use_goroutine_t token) noexcept : error(token.error_), ctx(token.context_) {}
  boost::system::error_code* error;
  const context* ctx;
};

// --- One operation.

// What lets a context cancel it. Shared, because the context may do so when the operation is just over.
class io_cancellation {
 public:
  boost::asio::cancellation_slot slot() noexcept { return signal_.slot(); }
  void emit() {
    const std::lock_guard lock(mutex_);
    if (!over_) signal_.emit(boost::asio::cancellation_type::all);
  }
  void end() {
    const std::lock_guard lock(mutex_);
    over_ = true;
  }
  // Nobody looks at the operation's executor after this: it may go with whoever waited for the operation.
  wait_group posting;

 private:
  std::mutex mutex_;
  bool over_ = false;
  boost::asio::cancellation_signal signal_;
};

template <class... Results>
struct io_results {
  using values = std::tuple<Results...>;
  static constexpr bool has_error = false, has_exception = false;
};
template <class... Results>
struct io_results<boost::system::error_code, Results...> : io_results<Results...> {
  using values = std::tuple<Results...>;
  static constexpr bool has_error = true;
};
template <class... Results>
struct io_results<std::exception_ptr, Results...> : io_results<Results...> {
  using values = std::tuple<Results...>;
  static constexpr bool has_exception = true;
};

// On the stack of the goroutine that waits.
template <class Signature>
class io_operation;
template <class R, class... Args>
class io_operation<R(Args...)> {
  using results = io_results<std::decay_t<Args>...>;
  using values = typename results::values;

 public:
  explicit io_operation(const void* pc) noexcept : wait_(pc) {}

  // What Asio calls. Destroyed without having been called, because its io_context went: operation_aborted.
  class handler {
   public:
    using cancellation_slot_type = boost::asio::cancellation_slot;

    handler(io_operation& operation, boost::asio::cancellation_slot slot) noexcept
        : operation_(&operation), slot_(slot) {}
    handler(handler&& other) noexcept
        : operation_(std::exchange(other.operation_, nullptr)), slot_(other.slot_) {}
    ~handler() {
      if (operation_ != nullptr) operation_->abandon();
    }
    template <class... Given>
    void operator()(Given&&... given) {
      std::exchange(operation_, nullptr)->finish(std::forward<Given>(given)...);
    }
    cancellation_slot_type get_cancellation_slot() const noexcept { return slot_; }

   private:
    io_operation* operation_;
    boost::asio::cancellation_slot slot_;
  };

  void wait() noexcept { wait_.wait(); }

  SNAG_USER_ACCESS decltype(auto) take(boost::system::error_code* error) {
    if (exception_) std::rethrow_exception(exception_);
    if (error != nullptr)
      *error = error_;
    else if (error_)
      throw boost::system::system_error(error_);
    if constexpr (std::tuple_size_v<values> == 1) {
      return std::tuple_element_t<0, values>(std::get<0>(*std::move(values_)));
    } else if constexpr (std::tuple_size_v<values> > 1) {
      return values(*std::move(values_));
    }
  }

  std::shared_ptr<io_cancellation> cancellation;  // null: there is no context

 private:
  void abandon() {
    exception_ = std::make_exception_ptr(boost::system::system_error(boost::asio::error::operation_aborted));
    end();
  }
  template <class... Given>
  SNAG_USER_ACCESS void finish(Given&&... given) {
    try {
      store(std::forward<Given>(given)...);
    } catch (...) {
      exception_ = std::current_exception();
    }
    end();
  }
  void end() {
    if (cancellation != nullptr) cancellation->end();
    wait_.complete();
  }
  template <class First, class... Rest>
  SNAG_USER_ACCESS void store(First&& first, Rest&&... rest) {
    if constexpr (results::has_error) {
      error_ = first;
      values_.emplace(std::forward<Rest>(rest)...);
    } else if constexpr (results::has_exception) {
      exception_ = first;
      values_.emplace(std::forward<Rest>(rest)...);
    } else {
      values_.emplace(std::forward<First>(first), std::forward<Rest>(rest)...);
    }
  }
  void store() { values_.emplace(); }

  io_wait wait_;
  boost::system::error_code error_;
  std::exception_ptr exception_;
  std::optional<values> values_;
};

// While in scope, the context's end cancels the operation: on the executor that completes it, since a signal
// must not be emitted while a composed operation gives its slot to the next step.
template <class Executor>
class cancelled_by {
 public:
  cancelled_by(const context& ctx, std::shared_ptr<io_cancellation> target, const Executor& executor)
      : target_(target), stop_(start(ctx, std::move(target), executor)) {}
  ~cancelled_by() {
    if (!stop_()) target_->posting.wait();
  }
  cancelled_by(const cancelled_by&) = delete;

 private:
  static context_stop_func start(const context& ctx, std::shared_ptr<io_cancellation> target,
                                 const Executor& executor) {
    target->posting.add(1);
    return context_after_func(ctx, [target = std::move(target), executor] {
      boost::asio::post(executor, [target] { target->emit(); });
      target->posting.done();
    });
  }
  const std::shared_ptr<io_cancellation> target_;
  const context_stop_func stop_;
};

}  // namespace detail

// The process's io_context. A thread of the runtime's runs it from the first call on; it is never destroyed.
inline boost::asio::io_context& io_context() { return detail::the_asio_loop().context(); }

}  // namespace snag

template <class R, class... Args>
class boost::asio::async_result<snag::use_goroutine_t, R(Args...)> {
 public:
  template <class Initiation, class... InitiationArgs>
  [[gnu::noinline]] static decltype(auto) initiate(Initiation&& initiation, snag::detail::io_token token,
                                                   InitiationArgs&&... args) {
    using operation_type = snag::detail::io_operation<R(Args...)>;
    if (snag::detail::on_io_thread())
      snag::panic("a handler on the thread of snag::io_context() must not wait: start a goroutine");
    operation_type operation(__builtin_return_address(0));
    const snag::context* const ctx = token.ctx;
    if (ctx == nullptr || ctx->done() == nullptr) {
      snag::detail::start_io(std::forward<Initiation>(initiation),
                             typename operation_type::handler(operation, {}),
                             std::forward<InitiationArgs>(args)...);
      operation.wait();
    } else {
      const auto executor = [&] {
        if constexpr (requires { initiation.get_executor(); })
          return initiation.get_executor();
        else
          return snag::io_context().get_executor();
      }();
      operation.cancellation = std::make_shared<snag::detail::io_cancellation>();
      const auto cancellation = operation.cancellation;
      snag::detail::start_io(std::forward<Initiation>(initiation),
                             typename operation_type::handler(operation, cancellation->slot()),
                             std::forward<InitiationArgs>(args)...);
      const snag::detail::cancelled_by guard(*ctx, cancellation, executor);
      operation.wait();
    }
    return operation.take(token.error);
  }
};
