// SPDX-License-Identifier: Apache-2.0
// The clock of each channel that the kernel keeps: the join of all that was sent into it. Nothing tells us
// when the last descriptor of a pipe is gone (it may have been duplicated, inherited, passed on), so a full
// shard forgets its channels into one clock that stands for them all: that orders too much, and only in
// programs with tens of thousands of channels; dropping them would order too little.
#include <cstddef>

#include "detector/src/entry.h"
#include "detector/src/internal_memory.h"

namespace snag::detector {
namespace {

constexpr std::size_t shard_count = 64, shard_capacity = 1024;

constexpr std::size_t mixed(kernel_channel c) {
  std::uint64_t h = (c.place * 0x9E37'79B9'7F4A'7C15u) ^ c.object;
  h *= 0x9E37'79B9'7F4A'7C15u;
  return h ^ h >> 32;
}
struct hash {
  std::size_t operator()(const kernel_channel& c) const noexcept { return mixed(c); }
};

struct shard {
  spin_lock lock;
  unordered_map<kernel_channel, known_order, hash> clocks SNAG_DETECTOR_GUARDED_BY(lock);
  known_order forgotten SNAG_DETECTOR_GUARDED_BY(lock);
};

shard& shard_of(kernel_channel c) {
  static constinit std::atomic<shard*> shards[shard_count] = {};
  std::atomic<shard*>& place = shards[mixed(c) / 64 % shard_count];
  shard* s = place.load(std::memory_order_acquire);
  if (s) [[likely]]
    return *s;
  shard* const fresh = internal_new<shard>();
  if (place.compare_exchange_strong(s, fresh, std::memory_order_acq_rel)) return *fresh;
  internal_delete(fresh);
  return *s;
}

}  // namespace

void on_sent(kernel_channel c) noexcept {
  thread_state& t = this_thread();
  const entry_scope scope(t, false);
  if (!scope) return;
  const known_order sent = t.actor->release();
  shard& s = shard_of(c);
  const spin_guard guard(s.lock);
  if (s.clocks.size() >= shard_capacity && !s.clocks.contains(c)) {
    for (const auto& [channel, clock] : s.clocks) s.forgotten.join(clock);
    s.clocks.clear();
  }
  s.clocks[c].join(sent);
}

void on_received(kernel_channel c) noexcept {
  thread_state& t = this_thread();
  if (!t.actor && !t.anonymous) return;  // a handler on a scheduler's stack: nobody learns
  const entry_scope scope(t, false);
  if (!scope) return;
  shard& s = shard_of(c);
  const spin_guard guard(s.lock);
  if (const auto known = s.clocks.find(c); known != s.clocks.end()) t.actor->acquire(known->second);
  t.actor->acquire(s.forgotten);
}

}  // namespace snag::detector
