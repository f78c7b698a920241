// SPDX-License-Identifier: Apache-2.0
#include "runtime/src/handle_table.h"

#include <array>
#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <new>
#include <utility>

#include <boost/unordered/unordered_flat_map.hpp>

#include "runtime/census.h"
#include "runtime/src/leaked.h"
#include "runtime/src/spin_mutex.h"
#include "runtime/src/thread_end.h"
#include "runtime/src/thread_proxy.h"

namespace snag::detail {
namespace {

using events::direction;

// Of the same object in the same way at the same place. Kept in complement: whoever looks for pointers in
// memory shall not take this for a user of either.
struct handle {
  std::uintptr_t hidden_place = 0;   // 0: none
  std::uintptr_t hidden_object = 0;  // before: the lowest bits say which way
  bool operator==(const handle&) const = default;

  const void* at() const noexcept { return reinterpret_cast<const void*>(~hidden_place); }
  events::object& object() const noexcept {
    return *reinterpret_cast<events::object*>(~hidden_object & ~std::uintptr_t{3});
  }
  direction way() const noexcept { return static_cast<direction>(~hidden_object & 3); }
};
static_assert(alignof(events::object) > 3);

handle make(events::object& o, direction way, const void* at) noexcept {
  return {~reinterpret_cast<std::uintptr_t>(at),
          ~(reinterpret_cast<std::uintptr_t>(&o) | static_cast<unsigned>(way))};
}

std::uint64_t mixed(std::uintptr_t at) noexcept { return at * 0x9E3779B97F4A7C15u; }
struct handle_hash {
  using is_avalanching = void;
  std::size_t operator()(const handle& h) const noexcept {
    const std::uint64_t x = mixed(h.hidden_place ^ std::rotl(h.hidden_object, 32));
    return x ^ x >> 32;
  }
};

struct shard {
  spin_mutex mutex;
  boost::unordered_flat_map<handle, int, handle_hash> counts SNAG_GUARDED_BY(mutex);
};
constexpr std::size_t shard_count = 64;
constinit leaked<std::array<shard, shard_count>> shards;

constinit std::atomic<bool> forgotten{false};

void count(const handle& h, int by) noexcept {
  if (forgotten.load(std::memory_order_relaxed)) return;  // whoever held a lock may not be here
  shard& s = shards.get()[mixed(h.hidden_place) >> 58];
  const spin_lock lock(s.mutex);
  const auto [found, is_new] = s.counts.try_emplace(h, by);
  if (is_new) return;
  found->second += by;
  if (found->second == 0) s.counts.erase(found);
}

// Those that a thread has gained and not lost, as far as there is room. Its own; others look at it only while
// the thread stands still. What an ended thread has left there stands, and the next thread goes on with it.
struct cache : thread_ending {
  static constexpr unsigned bits = 10;
  handle handles[std::size_t{1} << bits];
  cache* next = nullptr;  // of all
  std::atomic<bool> used{true};

  handle& place_of(const handle& h) noexcept { return handles[mixed(h.hidden_place) >> (64 - bits)]; }
};
constinit std::atomic<cache*> all{nullptr};

extern "C" {
[[gnu::visibility("hidden"), gnu::tls_model("initial-exec")]]
constinit thread_local cache* snag_own_handles = nullptr;
}

// Read and written as running_goroutine() is.
cache* own_cache() noexcept {
  cache* c;
  asm volatile("movq snag_own_handles@gottpoff(%%rip), %0\n\tmovq %%fs:(%0), %0" : "=r"(c));
  return c;
}
[[gnu::noinline]] void set_own_cache(cache* c) noexcept {
  snag_own_handles = c;
  asm volatile("" ::: "memory");
}

void leave(thread_ending& e) noexcept {
  set_own_cache(nullptr);
  static_cast<cache&>(e).used.store(false, std::memory_order_release);
}

// (The runtime's own threads do not end.)
cache& use(cache& c) noexcept {
  set_own_cache(&c);
  if (proxy_of_this_thread() != nullptr) at_thread_end(c);
  return c;
}

[[gnu::noinline]] cache& make_cache() noexcept {
  for (cache* c = all.load(std::memory_order_acquire); c != nullptr; c = c->next) {
    bool used = false;
    if (c->used.compare_exchange_strong(used, true, std::memory_order_acquire)) return use(*c);
  }
  auto* const made = new cache;
  made->run = &leave;
  made->next = all.load(std::memory_order_relaxed);
  while (!all.compare_exchange_weak(made->next, made, std::memory_order_release)) {
  }
  return use(*made);
}

}  // namespace

// (What is not the usual case is a function of its own, to which these jump, so that they save no register.)

namespace {

[[gnu::noinline]] void gain_slowly(handle gained) noexcept {
  cache* c = own_cache();
  if (c == nullptr) c = &make_cache();
  handle& place = c->place_of(gained);
  if (place.hidden_place != 0) {
    count(place, 1);
    // Stopped between any two of these stores, it counts twice, or as one that nobody has.
    place.hidden_place = 0;
    std::atomic_signal_fence(std::memory_order_seq_cst);
  }
  place.hidden_object = gained.hidden_object;
  std::atomic_signal_fence(std::memory_order_seq_cst);
  place.hidden_place = gained.hidden_place;
}

[[gnu::noinline]] void lose_slowly(handle lost) noexcept { count(lost, -1); }

}  // namespace

void note_handle_gained(events::object& o, direction way, const void* at) noexcept {
  const handle gained = make(o, way, at);
  cache* const c = own_cache();
  if (c == nullptr) [[unlikely]]
    return gain_slowly(gained);
  handle& place = c->place_of(gained);
  if (place.hidden_place != 0) [[unlikely]]
    return gain_slowly(gained);
  place.hidden_object = gained.hidden_object;
  std::atomic_signal_fence(std::memory_order_seq_cst);
  place.hidden_place = gained.hidden_place;
}

void note_handle_lost(events::object& o, direction way, const void* at) noexcept {
  const handle lost = make(o, way, at);
  cache* const c = own_cache();
  if (c == nullptr) [[unlikely]]
    return lose_slowly(lost);
  handle& place = c->place_of(lost);
  if (place != lost) [[unlikely]]
    return lose_slowly(lost);
  place.hidden_place = 0;
}

void forget_handles_in_child() noexcept { forgotten.store(true, std::memory_order_relaxed); }

}  // namespace snag::detail

namespace snag::events {

bool visit_handles(void (*visit)(void*, const void*, const object&, direction, int),
                   void* argument) noexcept SNAG_NO_THREAD_SAFETY_ANALYSIS {
  using namespace snag::detail;
  const auto tell = [&](const handle& h, int count) { visit(argument, h.at(), h.object(), h.way(), count); };
  for (const cache* c = all.load(std::memory_order_acquire); c != nullptr; c = c->next)
    for (const handle& h : c->handles)
      if (h.hidden_place != 0) tell(h, 1);
  for (shard& s : shards.get()) {
    if (!s.mutex.try_lock()) return false;
    for (const auto& [h, n] : s.counts) tell(h, n);
    s.mutex.unlock();
  }
  return true;
}

}  // namespace snag::events
