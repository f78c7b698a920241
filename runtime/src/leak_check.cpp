// SPDX-License-Identifier: Apache-2.0
// Who belongs to a leak_check is for the observer to know; the runtime gives those that may yet end the time
// to do so.
#include "snag/leak_check.h"

#include <algorithm>
#include <cstring>

#include "runtime/src/timer.h"

namespace snag::detail {

class leak_scope : public events::scope {
 public:
  explicit leak_scope(const leak_check_options& o) : ignored_names_(o.ignore) {
    if (o.name != nullptr) name = (own_name_ = o.name).c_str();
    if (o.file != nullptr) file = (own_file_ = o.file).c_str();
    line = static_cast<std::uint32_t>(o.line);
    for (const std::string& s : ignored_names_) pointers_.push_back(s.c_str());
    ignored = pointers_;
  }
  leak_scope(const leak_scope&) = delete;

 private:
  std::string own_name_, own_file_;
  const std::vector<std::string> ignored_names_;
  std::vector<const char*> pointers_;
};

namespace {

// The observer reads this stack for what its goroutine knows. What calls that have returned left behind where
// our own frames come to lie is none of that.
[[gnu::noinline]] void forget_old_frames() noexcept {
  volatile char below[4096];
  std::memset(const_cast<char*>(below), 0, sizeof below);
  asm volatile("" : : "r"(below) : "memory");
}

constexpr nanoseconds first_pause = std::chrono::microseconds(10),
                      longest_pause = std::chrono::milliseconds(20);

// Under a virtual clock the first pause ends when nobody can run any more.
void let_others_end(events::observer& o, goroutine& self, events::scope& s, nanoseconds patience,
                    events::site where) {
  const nanoseconds began = now();
  const nanoseconds deadline = patience > nanoseconds::max() - began ? nanoseconds::max() : began + patience;
  for (nanoseconds pause = first_pause;; pause = std::min(2 * pause, longest_pause)) {
    forget_old_frames();
    if (o.on_scope_asked(self, s) == events::scope_rest::none) return;
    const nanoseconds time = now();
    if (time >= deadline) return;
    sleep_at(std::min(pause, deadline - time), where);
  }
}

}  // namespace

leak_scope* open_leak_scope(const leak_check_options& options) {
  const events::site where{__builtin_return_address(0)};
  events::observer* const o = events::listening();
  if (o == nullptr) return nullptr;
  schedule_point();
  auto* const made = new leak_scope(options);
  o->on_scope_opened(current(), *made, where);
  return made;
}

leak_list close_leak_scope(leak_scope* scope, nanoseconds patience) {
  const events::site where{__builtin_return_address(0)};
  events::observer& o = *events::listening();
  goroutine& self = current();
  let_others_end(o, self, *scope, patience, where);
  leak_list found;
  forget_old_frames();
  o.on_scope_closed(
      self, *scope,
      [](void* to, const events::scope_finding& f) {
        static_cast<leak_list*>(to)->add({f.kind, f.shape, f.fingerprint, f.text});
      },
      &found);
  delete scope;
  return found;
}

}  // namespace snag::detail
