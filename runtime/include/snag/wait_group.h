// SPDX-License-Identifier: Apache-2.0
#pragma once
// Counts what is still to be done and waits until nothing is. A handle: copies are the same group, so passing
// it by value cannot go wrong. May be used again once all waits have returned. Misuse panics with Go's words.
//
// Semantics: Go, sync.WaitGroup; go(f) is WaitGroup.Go: if f panics the program ends, it does not count as
// done. Adding and finishing are one atomic operation each. Thread-safe.
#include <cstdint>
#include <exception>
#include <functional>
#include <optional>
#include <tuple>
#include <type_traits>
#include <utility>

#include "snag/config.h"
#include "snag/detail/current.h"
#include "snag/detail/inline.h"
#include "snag/go.h"

namespace snag {

namespace detail {
class wait_group_core;
// What a group begins with: counter << 32 | number of waiters, so that one atomic addition learns both (Go,
// sync/waitgroup.go).
struct wait_group_state {
  std::uint64_t state = 0;
};
wait_group_core* make_wait_group(SNAG_NOESCAPE void* at);
void gain_wait_group(wait_group_core*, SNAG_NOESCAPE void* at) noexcept;
void lose_wait_group(wait_group_core*, SNAG_NOESCAPE void* at) noexcept;
void move_wait_group(wait_group_core*, SNAG_NOESCAPE void* from, SNAG_NOESCAPE void* to) noexcept;
void add_to_wait_group(wait_group_core*, int delta);
void added_to_wait_group(wait_group_core*, int delta, std::uint64_t state);  // the addition is done already
// All that adding is when nobody waits and nobody watches.
SNAG_INLINE void add_shortly(wait_group_core* core, int delta) {
  if (core == nullptr || !unwatched()) return add_to_wait_group(core, delta);
  const std::uint64_t state = __atomic_add_fetch(&reinterpret_cast<wait_group_state*>(core)->state,
                                                 static_cast<std::uint64_t>(delta) << 32, __ATOMIC_ACQ_REL);
  if (static_cast<std::int64_t>(state) < 0 || static_cast<std::uint32_t>(state) != 0) [[unlikely]]
    added_to_wait_group(core, delta, state);
}
void wait_for_group(wait_group_core*);
bool is_ending_by_panic(
    int uncaught_before) noexcept;  // the caller's stack unwinds, and not because of goexit()
}  // namespace detail

class [[nodiscard]] wait_group {
 public:
  SNAG_INLINE wait_group() : core_(detail::make_wait_group(this)) {}
  SNAG_USER_ACCESS wait_group(const wait_group& other) noexcept : core_(other.core_) {
    detail::gain_wait_group(core_, this);
  }
  SNAG_USER_ACCESS wait_group(wait_group&& other) noexcept : core_(std::exchange(other.core_, nullptr)) {
    detail::move_wait_group(core_, &other, this);
  }
  SNAG_USER_ACCESS wait_group& operator=(const wait_group& other) noexcept {
    detail::gain_wait_group(other.core_, this);
    detail::lose_wait_group(std::exchange(core_, other.core_), this);
    return *this;
  }
  SNAG_USER_ACCESS wait_group& operator=(wait_group&& other) noexcept {
    detail::wait_group_core* const taken = std::exchange(other.core_, nullptr);
    detail::lose_wait_group(std::exchange(core_, taken), this);
    detail::move_wait_group(taken, &other, this);
    return *this;
  }
  ~wait_group() { detail::lose_wait_group(core_, this); }
  friend bool operator==(const wait_group& a, const wait_group& b) noexcept { return a.core() == b.core(); }

  SNAG_INLINE void add(int delta = 1) const { detail::add_shortly(core(), delta); }
  SNAG_INLINE void done() const { detail::add_shortly(core(), -1); }
  SNAG_INLINE void wait() const { detail::wait_for_group(core()); }

  // add(1), then runs f(args…) in a new goroutine, then done(); goexit() in f counts as done.
  template <class F, class... Args>
  [[gnu::noinline]] SNAG_USER_ACCESS void go(F&& f, Args&&... args) const {
    if (detail::is_nil<std::decay_t<F>>(f)) detail::go_of_nil();
    add(1);
    struct guard {
      const wait_group* group;
      ~guard() {
        if (group != nullptr) group->done();  // the goroutine could not be made
      }
    } on_throw{this};
    using parts = std::tuple<std::decay_t<F>, std::decay_t<Args>...>;
    detail::go_at(__builtin_return_address(0), go_options{},
                  task<wait_group, parts>{*this, std::optional<parts>(std::in_place, std::forward<F>(f),
                                                                      std::forward<Args>(args)...)});
    on_throw.group = nullptr;
  }

 private:
  template <class Group, class Parts>
  struct task {
    Group group;  // a wait_group, complete by the time it is needed
    std::optional<Parts> parts;
    SNAG_USER_ACCESS void operator()() {
      struct finisher {
        const Group& group;
        const int uncaught = std::uncaught_exceptions();
        ~finisher() {
          if (!detail::is_ending_by_panic(uncaught)) group.done();
        }
      } const finish{group};
      // Destroyed before done(), so what f held is given back by then. Not moved out: what a lambda captured
      // of a const variable would be copied, and the copy stay behind.
      struct clearer {
        std::optional<Parts>& all;
        SNAG_USER_ACCESS ~clearer() { all.reset(); }
      } const clear{parts};
      std::apply([](auto&... part) { std::invoke(std::move(part)...); }, *parts);
    }
  };

  SNAG_USER_ACCESS detail::wait_group_core* core() const noexcept { return core_; }

  detail::wait_group_core* core_;
};

}  // namespace snag
