// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a stretch of code has started and left behind.
//
//   TEST(cache, closes) {
//     snag::leak_check check;
//     cache c;                  // starts goroutines
//     c.put("a", 1);
//   }                           // c ends, then check looks whether all of them have
//
// To a leak_check belong the goroutines and threads that its goroutine starts while it is open, and those
// that these start; nobody else, whatever runs beside. At its end whoever belongs to it and has not ended is
// a finding of the detector, with the leak_check's name and place:
//   - who can never run again, by the proof that the detector has for everybody, at once: no retries, no
//     sleeping;
//   - who lives on, "still running". Those that may yet end are let run until they have, for `patience` at
//     most, by the clock of snag::clock: real time, and virtual time under --seed or in a bubble, where it
//     costs none and the answer is always the same.
// Nobody is told of twice: neither by two leak_checks of which one is in the other, nor again when the
// program ends.
//
// Without a detector it does nothing and finish() is empty; nor does it in the child of a fork.
#include <chrono>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "snag/config.h"
#include "snag/detail/inline.h"

namespace snag {

struct leak_check_options {
  const char* name = nullptr;                        // shown in reports; copied
  std::chrono::nanoseconds patience{1'000'000'000};  // for those that live
  // Whoever one of these fits is not told of. Patterns as in a suppressions file (a part of a name; * for
  // anything, ^ and $ for its ends), of a goroutine's name, of a function or file on the stacks where it was
  // started and where it waits, or of the call that started it.
  std::vector<std::string> ignore = {};
  // Where reports say that it stands; by default where it is made. Copied.
  const char* file = nullptr;
  int line = 0;
};

// One finding.
struct leak {
  std::string kind;         // "leak", or "deadlock" if those who wait do so for each other
  std::string shape;        // "orphan", "lock cycle", "still running", …: docs/deadlocks.md
  std::string fingerprint;  // equal for equal findings
  std::string text;         // the report
};

// What finish() answers.
class leak_list {
 public:
  std::size_t size() const noexcept { return leaks_.size(); }
  bool empty() const noexcept { return leaks_.empty(); }
  explicit operator bool() const noexcept { return !leaks_.empty(); }
  const leak& operator[](std::size_t i) const { return leaks_[i]; }
  auto begin() const noexcept { return leaks_.begin(); }
  auto end() const noexcept { return leaks_.end(); }
  std::string text() const {  // all reports
    std::string all;
    for (const leak& l : leaks_) all += l.text;
    return all;
  }
  void add(leak l) { leaks_.push_back(std::move(l)); }

 private:
  std::vector<leak> leaks_;
};

namespace detail {
class leak_scope;
leak_scope* open_leak_scope(const leak_check_options&);  // null: there is no detector
leak_list close_leak_scope(leak_scope*, std::chrono::nanoseconds patience);
}  // namespace detail

class [[nodiscard("it ends with its block")]] leak_check {
 public:
  SNAG_INLINE leak_check() : leak_check(leak_check_options()) {}
  SNAG_INLINE explicit leak_check(const leak_check_options& options)
      : patience_(options.patience), scope_(detail::open_leak_scope(options)) {}
  SNAG_INLINE ~leak_check() {
    if (scope_ != nullptr) detail::close_leak_scope(scope_, patience_);
  }
  leak_check(const leak_check&) = delete;
  leak_check& operator=(const leak_check&) = delete;

  // Ends it now, and answers what was found: also while it was open, by whoever looked. What suppressions
  // cover is not among it. A second call answers nothing.
  SNAG_INLINE leak_list finish() {
    detail::leak_scope* const scope = std::exchange(scope_, nullptr);
    return scope == nullptr ? leak_list() : detail::close_leak_scope(scope, patience_);
  }

 private:
  std::chrono::nanoseconds patience_;
  detail::leak_scope* scope_;
};

}  // namespace snag
