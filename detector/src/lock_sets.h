// SPDX-License-Identifier: Apache-2.0
#pragma once
// The locks that an actor holds, as a number: interned lists, latest first, so that an access record says
// them in 4 bytes and equal lists are equal numbers. Thread-safe. Lists are never reclaimed: their number is
// bounded by the places that lock times the addresses of locks, and the table by `capacity`, beyond which a
// lock that is taken goes unmentioned (counted).
#include <atomic>
#include <cstdint>

#include "detector/src/access_record.h"
#include "detector/src/frames.h"
#include "detector/src/interned.h"

namespace snag::detector {

struct held_lock {
  std::uint64_t address = 0;
  place where;  // it was taken
  events::object_kind kind = events::object_kind::other;
  events::lock_mode mode = events::lock_mode::exclusive;
  bool operator==(const held_lock&) const = default;
};

class lock_sets {
 public:
  lock_set_id with(lock_set_id, const held_lock&) noexcept;
  // Without the latest such lock; unchanged if it is not there.
  lock_set_id without(lock_set_id, std::uint64_t address, events::lock_mode) noexcept;

  const held_lock& latest(lock_set_id id) const noexcept {
    return nodes_[static_cast<std::uint32_t>(id)].lock;
  }
  lock_set_id rest(lock_set_id id) const noexcept { return nodes_[static_cast<std::uint32_t>(id)].rest; }
  std::uint64_t unmentioned() const noexcept { return unmentioned_.load(std::memory_order_relaxed); }

 private:
  struct node {
    held_lock lock;
    lock_set_id rest = lock_set_id::none;
    bool operator==(const node&) const = default;
    std::uint64_t hash() const noexcept;
  };
  interned<node, 22> nodes_;
  std::atomic<std::uint64_t> unmentioned_{0};
};

extern lock_sets held_locks;

// What a thread has taken lately, and on top of what: lists stay what they are. Private to a thread.
class known_lock_sets {
 public:
  lock_set_id with(lock_set_id rest, const held_lock& lock) noexcept {
    entry& e = entries_[(lock.address / 8 + static_cast<std::uint32_t>(lock.where.site)) % size];
    if (e.rest != rest || e.lock != lock || e.set == lock_set_id::none) [[unlikely]]
      e = {lock, rest, held_locks.with(rest, lock)};
    return e.set;
  }

 private:
  struct entry {
    held_lock lock;
    lock_set_id rest = lock_set_id::none, set = lock_set_id::none;
  };
  static constexpr std::size_t size = 16;
  entry entries_[size];
};

}  // namespace snag::detector
