// SPDX-License-Identifier: Apache-2.0
#pragma once
// Keeps many goroutines from doing the same work at once: of those that call with one key, the first does
// it, and the others wait and share its result. Remembers nothing: the next call after that works again.
//
//   single_flight<std::string, page> pages;
//   page p = pages.call(url, [&] { return fetch(url); }).value;
//
// What the function throws, each of those who wait for it is thrown: the same exception object, so catch it
// by const reference. Semantics: golang.org/x/sync/singleflight, with `call` for Do, since `do` is a keyword.
// The function's end happens before every return of its result. Thread-safe; captured by reference.
#include <cxxabi.h>

#include <concepts>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

#include "snag/chan.h"
#include "snag/config.h"
#include "snag/detail/inline.h"
#include "snag/error.h"
#include "snag/go.h"
#include "snag/panic.h"
#include "snag/runtime.h"
#include "snag/select.h"
#include "snag/sync_map.h"

namespace snag {

// What call_chan delivers.
template <class V>
struct [[nodiscard]] flight_result {
  std::optional<V> value;  // empty if the function threw
  error err;               // what it threw
  bool shared = false;     // others got it, too
};

namespace detail {

// Who joined a flight, and whether it has landed. Thread-safe.
struct flight_listener {
  flight_listener* next = nullptr;
};
class flight_core {
 public:
  flight_core() noexcept;
  // False: it has landed already.
  bool join() noexcept;
  bool join(flight_listener*) noexcept;
  void listen(flight_listener*) noexcept;  // for whom the flight is made; before anybody joins
  struct passengers {
    bool others;                 // somebody joined
    flight_listener* listeners;  // in the order they came
  };
  passengers close_doors() noexcept;

 private:
  std::uintptr_t words_[3]{};
};

template <class V>
struct flight : flight_core {
  struct listener : flight_listener {
    chan<flight_result<V>> answer{1};
  };

  chan<void> landed;  // closed once all that follows is final
  std::optional<V> value;
  std::exception_ptr exception;
  bool panicked = false;
  bool goexited = false;
  bool shared = false;

  SNAG_USER_ACCESS void land() {
    const passengers on_board = this->close_doors();
    shared = on_board.others;
    landed.close();
    if (panicked && on_board.listeners != nullptr) {  // nobody can recover what a channel cannot carry
      snag::go([e = exception] { std::rethrow_exception(e); });
      snag::select();
    }
    for (flight_listener* l = on_board.listeners; l != nullptr;) {
      const std::unique_ptr<listener> each(static_cast<listener*>(l));
      l = l->next;
      if (goexited) continue;
      try {
        each->answer << flight_result<V>{value, error(exception), shared};
      } catch (...) {  // of copying the value
        each->answer << flight_result<V>{{}, error(std::current_exception()), shared};
      }
    }
  }
};

}  // namespace detail

template <class K, class V, class Hash = std::hash<K>, class Equal = std::equal_to<K>>
class single_flight {
  static_assert(!std::is_void_v<V>, "a single_flight shares a result: let the function return something");
  static_assert(std::copy_constructible<V>,
                "the result of a single_flight is copied to everybody who waits for it: for a type that "
                "cannot be copied, return a std::shared_ptr to it");
  using flight = detail::flight<V>;
  using flight_map = sync_map<K, std::shared_ptr<flight>, Hash, Equal>;

 public:
  struct [[nodiscard]] result {
    V value;
    bool shared;  // others got it, too
  };

  single_flight() : flights_(std::make_shared<flight_map>()) {}
  single_flight(const single_flight&) = delete;
  single_flight& operator=(const single_flight&) = delete;

  // The result of f(), or of the call with this key that is on its way. If f panics or throws, so does this;
  // if it calls goexit(), so does this.
  template <class F>
  SNAG_USER_ACCESS result call(const K& key, F&& f) {
    static_assert(std::is_invocable_r_v<V, F&>, "single_flight: the function returns the value");
    auto mine = std::make_shared<flight>();
    if (const auto theirs = join_or_begin(key, mine, nullptr)) {
      theirs->landed.recv();
      return result_of(*theirs);
    }
    work(*flights_, key, mine, f);
    return result_of(*mine);
  }

  // The same in a goroutine: a channel with room for the one result, which is never closed. If f panics, the
  // program ends, even if callers of call() would recover; if it calls goexit(), nothing comes.
  template <class F>
  SNAG_USER_ACCESS recv_chan<flight_result<V>> call_chan(const K& key, F f) {
    static_assert(std::is_invocable_r_v<V, F&>, "single_flight: the function returns the value");
    auto mine = std::make_shared<flight>();
    auto waits = std::make_unique<typename flight::listener>();
    recv_chan<flight_result<V>> answer = waits->answer;
    const bool joined = join_or_begin(key, mine, waits.get()) != nullptr;
    waits.release();  // the flight's
    if (joined) return answer;
    try {
      snag::go([flights = flights_, key, mine, f = std::move(f)]() mutable { work(*flights, key, mine, f); });
    } catch (...) {  // of moving f: whoever joined must not wait for it
      mine->exception = std::current_exception();
      flights_->compare_and_erase(key, mine);
      mine->land();
      throw;
    }
    return answer;
  }

  // The next call with this key works anew, even while one is on its way.
  SNAG_INLINE void forget(const K& key) { flights_->erase(key); }

 private:
  // The flight that was joined; null: `mine`, which the caller has to work for.
  SNAG_USER_ACCESS std::shared_ptr<flight> join_or_begin(const K& key, const std::shared_ptr<flight>& mine,
                                                         typename flight::listener* listener) {
    if (listener != nullptr) mine->listen(listener);
    for (;;) {
      auto found = flights_->load_or_store(key, mine);
      if (!found.loaded) return nullptr;
      if (listener != nullptr ? found.value->join(listener) : found.value->join()) return found.value;
      flights_->compare_and_erase(key, found.value);  // it has landed, and is about to do that itself
    }
  }

  template <class F>
  SNAG_USER_ACCESS static void work(flight_map& flights, const K& key, const std::shared_ptr<flight>& mine,
                                    F& f) {
    try {
      mine->value.emplace(f());
    } catch (abi::__forced_unwind&) {
      mine->goexited = true;
      flights.compare_and_erase(key, mine);
      mine->land();
      throw;
    } catch (const panic_error&) {
      mine->exception = std::current_exception();
      mine->panicked = true;
    } catch (const std::exception&) {
      mine->exception = std::current_exception();
    } catch (...) {
      mine->exception = std::current_exception();
      mine->panicked = true;
    }
    flights.compare_and_erase(key, mine);
    mine->land();
  }

  SNAG_USER_ACCESS static result result_of(const flight& landed) {
    if (landed.exception) std::rethrow_exception(landed.exception);
    if (landed.goexited) goexit();
    return {*landed.value, landed.shared};
  }

  const std::shared_ptr<flight_map> flights_;  // shared with the goroutines of call_chan
};

}  // namespace snag
