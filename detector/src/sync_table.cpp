// SPDX-License-Identifier: Apache-2.0
#include "detector/src/sync_table.h"

#include <utility>

#include "detector/src/backoff.h"
#include "detector/src/internal_memory.h"
#include "detector/src/line_lock.h"
#include "detector/src/object_state.h"
#include "detector/src/touched_map.h"

namespace snag::detector {

struct locked_atomic::entry {
  std::uint64_t address = 0;
  known_order clock;
  struct annotations {
    known_order parts[2];
  };
  annotations* annotated = nullptr;  // few have any
  events::object* proxy = nullptr;
  entry* next = nullptr;
  ~entry() {
    if (annotated) internal_delete(annotated);
  }
  bool in_use() const { return proxy || annotated; }
};

namespace {

using bucket = std::atomic<std::uintptr_t>;  // a list's head; bit 0: locked

constexpr unsigned bucket_bits = 9;
constexpr std::uintptr_t locked_bit = 1;
constexpr std::size_t bucket_count = std::size_t{1} << (47 - bucket_bits);

bucket* table() noexcept {
  static constinit std::atomic<bucket*> buckets{nullptr};
  bucket* b = buckets.load(std::memory_order_acquire);
  if (b) [[likely]]
    return b;
  auto* fresh = static_cast<bucket*>(internal_reserve(bucket_count * sizeof(bucket)));
  return buckets.compare_exchange_strong(b, fresh, std::memory_order_acq_rel) ? fresh : b;
}

constexpr backoff taken_in_turns{.first = 6, .longest = 10, .before_yielding = 5};

}  // namespace

std::atomic<std::uintptr_t>& locked_atomic::bucket_of(std::uint64_t address) noexcept {
  return table()[address >> bucket_bits];
}

void locked_atomic::lock(bucket& b) noexcept {
  if ((b.fetch_or(locked_bit, std::memory_order_acquire) & locked_bit) == 0) [[likely]]
    return;
  lock_contended(b);
}
// (Two that meet at one object twice in a row are probably at it in turns.)
void locked_atomic::lock_contended(bucket& b) noexcept {
  [[gnu::tls_model("initial-exec")]] static constinit thread_local const bucket* latest = nullptr;
  const backoff& others = std::exchange(latest, &b) == &b ? taken_in_turns : held_for_a_moment;
  unsigned spins = 0;
  do
    while (b.load(std::memory_order_relaxed) & locked_bit) others.wait(spins);
  while (b.fetch_or(locked_bit, std::memory_order_acquire) & locked_bit);
}
// Nobody else changes what the holder's bit stands in.
void locked_atomic::unlock(bucket& b) noexcept {
  b.store(b.load(std::memory_order_relaxed) & ~locked_bit, std::memory_order_release);
}

locked_atomic::locked_atomic(std::uint64_t address, std::uint32_t bytes) noexcept
    : address_(address),
      first_(bucket_of(address)),
      second_(address >> bucket_bits == (address + bytes - 1) >> bucket_bits
                  ? nullptr
                  : &bucket_of(address + bytes - 1)) {
  lock(first_);
  if (second_) lock(*second_);
}

locked_atomic::~locked_atomic() {
  if (second_) unlock(*second_);
  unlock(first_);
}

locked_atomic::entry* locked_atomic::find() const noexcept {
  auto* e = reinterpret_cast<entry*>(first_.load(std::memory_order_relaxed) & ~locked_bit);
  while (e && e->address != address_) e = e->next;
  return e;
}

const known_order* locked_atomic::clock() const noexcept {
  const entry* e = find();
  return e ? &e->clock : nullptr;
}

locked_atomic::entry& locked_atomic::find_or_make() noexcept {
  entry* e = find();
  if (e) return *e;
  e = internal_new<entry>();
  e->address = address_;
  e->next = reinterpret_cast<entry*>(first_.load(std::memory_order_relaxed) & ~locked_bit);
  first_.store(reinterpret_cast<std::uintptr_t>(e) | locked_bit, std::memory_order_relaxed);
  touched.mark(address_, plane::atomics);
  return *e;
}

void locked_atomic::set_clock(known_order clock) noexcept {
  if (!clock.empty()) {
    find_or_make().clock = std::move(clock);
  } else if (entry* const e = find(); e && e->in_use()) {
    e->clock = {};
  } else if (e) {
    remove(*e);
  }
}

known_order& locked_atomic::made_clock() noexcept { return find_or_make().clock; }

const known_order* locked_atomic::annotated(unsigned part) const noexcept {
  const entry* e = find();
  return e && e->annotated ? &e->annotated->parts[part] : nullptr;
}

void locked_atomic::join_annotated(unsigned part, const known_order& clock) noexcept {
  entry& e = find_or_make();
  if (!e.annotated) e.annotated = internal_new<entry::annotations>();
  e.annotated->parts[part].join(clock);
}

void locked_atomic::remove(entry& gone) noexcept {
  entry* const e = &gone;
  auto* at = reinterpret_cast<entry*>(first_.load(std::memory_order_relaxed) & ~locked_bit);
  if (at == e) {
    first_.store(reinterpret_cast<std::uintptr_t>(e->next) | locked_bit, std::memory_order_relaxed);
  } else {
    while (at->next != e) at = at->next;
    at->next = e->next;
  }
  internal_delete(e);
}

void note_proxy(events::object& o) noexcept {
  locked_atomic at(reinterpret_cast<std::uint64_t>(events::address_of(o)), 1);
  at.find_or_make().proxy = &o;
}

void drop_proxy(events::object& o) noexcept {
  locked_atomic at(reinterpret_cast<std::uint64_t>(events::address_of(o)), 1);
  locked_atomic::entry* const e = at.find();
  if (!e || e->proxy != &o) return;
  e->proxy = nullptr;
  if (e->clock.empty() && !e->in_use()) at.remove(*e);
}

events::object* proxy_at(std::uint64_t address) noexcept {
  const locked_atomic at(address, 1);
  const locked_atomic::entry* const e = at.find();
  return e ? e->proxy : nullptr;
}

void release_to_proxy(std::uint64_t address, const known_order& clock) noexcept {
  const locked_atomic at(address, 1);
  const locked_atomic::entry* const e = at.find();
  if (!e || !e->proxy) return;
  object_state& s = state_of(*e->proxy);
  spin_guard guard(s.lock);
  s.first = clock;
  s.unseen = {};
}

void detail::forget_atomics_of_pages(std::uint64_t begin, std::uint64_t end) noexcept {
  for (std::uint64_t page = begin & ~(touched_map::page_size - 1);
       (page = touched.skip_untouched(page, end)) < end; page += touched_map::page_size) {
    if (!touched.touched(page, plane::atomics)) continue;
    for (std::uint64_t at = page; at < page + touched_map::page_size; at += std::uint64_t{1} << bucket_bits) {
      if (at >= end || at + (std::uint64_t{1} << bucket_bits) <= begin) continue;
      bucket& b = locked_atomic::bucket_of(at);
      if (b.load(std::memory_order_relaxed) == 0) continue;
      locked_atomic::lock(b);
      using entry = locked_atomic::entry;
      auto* e = reinterpret_cast<entry*>(b.load(std::memory_order_relaxed) & ~locked_bit);
      entry* kept = nullptr;
      while (e) {
        entry* const next = e->next;
        const bool dead = e->address >= begin && e->address < end;
        if (dead && e->proxy) {
          reset_state(*e->proxy);
          e->clock = {};
          if (e->annotated) *e->annotated = {};
        }
        if (dead && !e->proxy) {
          internal_delete(e);
        } else {
          e->next = kept;
          kept = e;
        }
        e = next;
      }
      b.store(reinterpret_cast<std::uintptr_t>(kept), std::memory_order_release);  // unlocks
    }
  }
}

}  // namespace snag::detector
