// SPDX-License-Identifier: Apache-2.0
#include "snag/err_group.h"

#include <atomic>
#include <optional>

#include "snag/chan.h"

namespace snag::detail {

// Made of a wait_group, a channel with a place for each task that may run, and the context's cancel function,
// so that everything orders as those do.
class err_group_core {
 public:
  err_group_core() = default;
  explicit err_group_core(cancel_cause_func cancel) : cancel_(std::move(cancel)) {}

  void add_reference() noexcept { references_.fetch_add(1, std::memory_order_relaxed); }
  void drop_reference() noexcept {
    if (references_.fetch_sub(1, std::memory_order_acq_rel) == 1) delete this;
  }

  void begin() {
    if (places_) places_.send();
    count_task();
  }
  bool try_begin() {
    if (places_ && !places_.try_send()) return false;
    count_task();
    return true;
  }
  void fail(error e) {
    if (failed_.exchange(true, std::memory_order_relaxed)) return;
    first_ = std::move(e);  // read once this task is done
    if (cancel_) (*cancel_)(first_);
  }
  void end() {
    active_.fetch_sub(1, std::memory_order_relaxed);
    if (places_) places_.recv();
    tasks_.done();
  }
  error wait() {
    tasks_.wait();
    if (cancel_) (*cancel_)(first_);
    return first_;
  }
  void limit(std::int64_t n) {
    const std::int64_t active = active_.load(std::memory_order_relaxed);
    if (active != 0)
      panic("errgroup: modify limit while {} goroutines in the group are still active", active);
    places_ = n < 0 ? chan<void>(nullptr) : chan<void>(n);
  }

 private:
  void count_task() {
    active_.fetch_add(1, std::memory_order_relaxed);
    tasks_.add(1);
  }

  std::atomic<std::uint32_t> references_{1};
  std::atomic<std::int64_t> active_{0};
  wait_group tasks_;
  chan<void> places_ = nullptr;  // nil: no limit
  std::atomic<bool> failed_{false};
  error first_;
  const std::optional<cancel_cause_func> cancel_;
};

namespace {
err_group_core& checked(err_group_core* core) {
  if (core == nullptr) panic("runtime error: invalid memory address or nil pointer dereference");
  return *core;
}
}  // namespace

err_group_core* make_err_group() { return new err_group_core; }
err_group_core* make_err_group(cancel_cause_func cancel) { return new err_group_core(std::move(cancel)); }
void gain_err_group(err_group_core* core) noexcept {
  if (core != nullptr) core->add_reference();
}
void lose_err_group(err_group_core* core) noexcept {
  if (core != nullptr) core->drop_reference();
}
void begin_group_task(err_group_core* core) { checked(core).begin(); }
bool try_begin_group_task(err_group_core* core) { return checked(core).try_begin(); }
void fail_group_task(err_group_core* core, error e) { core->fail(std::move(e)); }
void end_group_task(err_group_core* core) { core->end(); }
error wait_for_group(err_group_core* core) { return checked(core).wait(); }
void limit_group(err_group_core* core, std::int64_t n) { checked(core).limit(n); }

}  // namespace snag::detail
