// SPDX-License-Identifier: Apache-2.0
#include "runtime/src/posix/owners.h"
#include "runtime/src/leaked.h"

#include <unistd.h>
#include <array>

#include <boost/unordered/unordered_flat_map.hpp>

#include "runtime/src/fork.h"
#include "runtime/src/spin_mutex.h"

namespace snag::detail {
namespace {

struct holding {
  goroutine* owner;
  unsigned depth;
};

struct shard {
  spin_mutex mutex;
  boost::unordered_flat_map<const pthread_mutex_t*, holding> held SNAG_GUARDED_BY(mutex);
};

constexpr std::size_t shard_count = 16;

constinit leaked<std::array<shard, shard_count>> shards;

shard& shard_of(const pthread_mutex_t* mutex) {
  return shards.get()[(reinterpret_cast<std::uintptr_t>(mutex) >> 4) % shard_count];
}

}  // namespace

void lock_owners_for_fork() noexcept SNAG_NO_THREAD_SAFETY_ANALYSIS {
  for (shard& s : shards.get()) s.mutex.lock();
}
void unlock_owners_after_fork() noexcept SNAG_NO_THREAD_SAFETY_ANALYSIS {
  for (shard& s : shards.get()) s.mutex.unlock();
}

hold holder_of(const pthread_mutex_t* mutex, const goroutine& self) noexcept {
  shard& s = shard_of(mutex);
  const spin_lock lock(s.mutex);
  const auto found = s.held.find(mutex);
  if (found == s.held.end()) return hold::none;
  return found->second.owner == &self ? hold::mine : hold::others;
}

bool is_held_once(const pthread_mutex_t* mutex, const goroutine& self) noexcept {
  shard& s = shard_of(mutex);
  const spin_lock lock(s.mutex);
  const auto found = s.held.find(mutex);
  return found != s.held.end() && found->second.owner == &self && found->second.depth == 1;
}

void hold_first(const pthread_mutex_t* mutex, goroutine& self) noexcept {
  shard& s = shard_of(mutex);
  const spin_lock lock(s.mutex);
  s.held.insert_or_assign(mutex, holding{&self, 1});
}

void hold_again(const pthread_mutex_t* mutex) noexcept {
  shard& s = shard_of(mutex);
  const spin_lock lock(s.mutex);
  ++s.held.find(mutex)->second.depth;
}

bool release_one(const pthread_mutex_t* mutex) noexcept {
  shard& s = shard_of(mutex);
  const spin_lock lock(s.mutex);
  const auto found = s.held.find(mutex);
  if (--found->second.depth != 0) return false;
  s.held.erase(found);
  return true;
}

[[gnu::noinline]] int thread_id() noexcept {
  static thread_local const int id = gettid();
  return id;
}

}  // namespace snag::detail
