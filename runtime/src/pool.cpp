// SPDX-License-Identifier: Apache-2.0
#include "snag/pool.h"

#include <atomic>
#include <bit>
#include <chrono>
#include <memory>

#include "runtime/src/object.h"
#include "runtime/src/scheduler.h"
#include "runtime/src/spin_mutex.h"
#include "runtime/src/worker.h"
#include "snag/runtime.h"

namespace snag::detail {

namespace {

class item_list {  // last in, first out: the last one is still in the CPU's cache
 public:
  void push(pool_item& i) noexcept {
    i.next = first_;
    first_ = &i;
  }
  pool_item* pop() noexcept {
    pool_item* const i = first_;
    if (i != nullptr) first_ = i->next;
    return i;
  }

 private:
  pool_item* first_ = nullptr;
};

struct alignas(64) shard {
  spin_mutex guard;
  item_list current SNAG_GUARDED_BY(guard);
  item_list victims SNAG_GUARDED_BY(guard);  // not used since the last shrinking
  unsigned puts SNAG_GUARDED_BY(guard) = 0;
};

constexpr nanoseconds shrinking_period = std::chrono::seconds(10);
constexpr unsigned puts_between_looks_at_the_clock = 64;

}  // namespace

class pool_core {
 public:
  explicit pool_core(void (*destroy)(pool_item*) noexcept)
      : destroy_(destroy),
        count_(std::bit_ceil(static_cast<unsigned>(max_procs(0)))),
        shards_(new shard[count_]),
        next_shrinking_(now(nullptr).count() + shrinking_period.count()) {}
  ~pool_core() {
    shrink();
    shrink();
  }

  void put(pool_item&);
  pool_item* get() noexcept;
  void shrink() noexcept;

 private:
  std::size_t own_shard() const noexcept {
    const void* const here =
        this_worker() != nullptr ? static_cast<const void*>(this_worker()) : static_cast<void*>(&current());
    const std::uint64_t mixed = reinterpret_cast<std::uintptr_t>(here) * 0x9e3779b97f4a7c15;
    return static_cast<std::size_t>(mixed >> 32) & (count_ - 1);
  }

  void (*const destroy_)(pool_item*) noexcept;
  const std::size_t count_;  // a power of two
  const std::unique_ptr<shard[]> shards_;
  std::atomic<std::int64_t> next_shrinking_;
};

void pool_core::put(pool_item& i) {
  bool look = false;
  {
    shard& s = shards_[own_shard()];
    const spin_lock lock(s.guard);
    s.current.push(i);
    look = ++s.puts % puts_between_looks_at_the_clock == 0;
  }
  if (!look) return;
  std::int64_t due = next_shrinking_.load(std::memory_order_relaxed);
  const std::int64_t time = now(nullptr).count();
  if (time >= due && next_shrinking_.compare_exchange_strong(due, time + shrinking_period.count(),
                                                             std::memory_order_relaxed)) {
    shrink();
  }
}

pool_item* pool_core::get() noexcept {
  const std::size_t own = own_shard();
  for (std::size_t i = 0; i < count_; ++i) {
    shard& s = shards_[own ^ i];
    const spin_lock lock(s.guard);
    if (pool_item* found = s.current.pop()) return found;
  }
  for (std::size_t i = 0; i < count_; ++i) {
    shard& s = shards_[own ^ i];
    const spin_lock lock(s.guard);
    if (pool_item* found = s.victims.pop()) return found;
  }
  return nullptr;
}

void pool_core::shrink() noexcept {
  for (std::size_t i = 0; i < count_; ++i) {
    item_list dropped;
    {
      const spin_lock lock(shards_[i].guard);
      dropped = shards_[i].victims;
      shards_[i].victims = std::exchange(shards_[i].current, {});
    }
    while (pool_item* item = dropped.pop()) {
      if (events::observer* o = events::installed()) [[unlikely]]
        o->on_acquired(current(), as_object(item->header), 0, {});
      destroy_(item);
    }
  }
}

pool_core* make_pool(void (*destroy)(pool_item*) noexcept) { return new pool_core(destroy); }
void destroy_pool(pool_core* p) noexcept { delete p; }

void put_into_pool(pool_core& p, pool_item* i) {
  const events::site where{__builtin_return_address(0)};
  schedule_point();
  if (events::observer* o = events::installed()) [[unlikely]]
    o->on_released(current(), as_object(i->header), 0, where);
  p.put(*i);
}

pool_item* get_from_pool(pool_core& p) {
  const events::site where{__builtin_return_address(0)};
  schedule_point();
  pool_item* const found = p.get();
  if (events::observer* o = events::installed(); o != nullptr && found != nullptr) [[unlikely]]
    o->on_acquired(current(), as_object(found->header), 0, where);
  return found;
}

void shrink_pool(pool_core& p) {
  schedule_point();
  p.shrink();
}

void forget_pool_item(pool_item& i) noexcept {
  if (events::observer* o = events::installed()) [[unlikely]]
    o->on_object_destroyed(as_object(i.header));
}

}  // namespace snag::detail
