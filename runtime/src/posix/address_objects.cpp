// SPDX-License-Identifier: Apache-2.0
#include "runtime/src/posix/address_objects.h"
#include "runtime/src/leaked.h"

#include <array>
#include <atomic>

#include <boost/unordered/unordered_flat_map.hpp>

#include "runtime/src/fork.h"
#include "runtime/src/spin_mutex.h"

namespace snag::detail {
namespace {

struct shard {
  spin_mutex mutex;
  boost::unordered_flat_map<std::uintptr_t, address_object*> objects SNAG_GUARDED_BY(mutex);
};

constexpr std::size_t shard_count = 64;

constinit leaked<std::array<shard, shard_count>> shards;

// See events::proxy_object.
std::uintptr_t complement(const void* address) { return ~reinterpret_cast<std::uintptr_t>(address); }

shard& shard_of(const void* address) {
  return shards.get()[(reinterpret_cast<std::uintptr_t>(address) >> 4) % shard_count];
}

// What a thread has asked for lately: who takes a lock and gives it back asks each time, and would write into
// what others ask, too. Holds until any object is destroyed.
class asked_lately {
 public:
  address_object* find(const void* address, events::object_kind kind) const noexcept {
    const entry& e = of(address);
    const bool is_there = e.destroyed == destroyed.load(std::memory_order_acquire) &&
                          e.object->complement_of == complement(address) && e.object->kind == kind;
    return is_there ? e.object : nullptr;
  }
  // `destroyed_before`: before it was looked up. (A signal's handler may ask in between: see find.)
  void remember(address_object& object, const void* address, std::uint64_t destroyed_before) noexcept {
    entry& e = of(address);
    e.object = &object;
    std::atomic_signal_fence(std::memory_order_release);
    e.destroyed = destroyed_before;
  }
  static void note_destroyed() noexcept { destroyed.fetch_add(1, std::memory_order_release); }
  static std::uint64_t destroyed_now() noexcept { return destroyed.load(std::memory_order_acquire); }

 private:
  struct entry {
    address_object* object = nullptr;
    std::uint64_t destroyed = ~std::uint64_t{0};  // then: none
  };
  static constexpr std::size_t size = 16;
  alignas(64) static constinit inline std::atomic<std::uint64_t> destroyed{0};  // how many

  entry& of(const void* address) noexcept { return entries_[index(address)]; }
  const entry& of(const void* address) const noexcept { return entries_[index(address)]; }
  static std::size_t index(const void* address) noexcept {
    return (reinterpret_cast<std::uintptr_t>(address) >> 4) % size;
  }
  std::array<entry, size> entries_;
};
constinit thread_local asked_lately asked;

void destroy(address_object* object) {
  asked_lately::note_destroyed();
  if (events::observer* o = events::listening()) o->on_object_destroyed(*object);
  delete object;
}

}  // namespace

void lock_address_objects_for_fork() noexcept SNAG_NO_THREAD_SAFETY_ANALYSIS {
  for (shard& s : shards.get()) s.mutex.lock();
}
void unlock_address_objects_after_fork() noexcept SNAG_NO_THREAD_SAFETY_ANALYSIS {
  for (shard& s : shards.get()) s.mutex.unlock();
}

address_object& object_at(const void* address, events::object_kind kind) noexcept {
  if (address_object* const object = asked.find(address, kind)) [[likely]]
    return *object;
  const std::uint64_t destroyed_before = asked_lately::destroyed_now();
  shard& s = shard_of(address);
  const spin_lock lock(s.mutex);
  address_object*& object = s.objects[complement(address)];
  if (object != nullptr && object->kind != kind) {
    object->replaced = true;
    destroy(std::exchange(object, nullptr));
  }
  if (object == nullptr) {
    object = new address_object;
    object->kind = kind;
    object->is_proxy = true;
    object->complement_of = complement(address);
    if (events::observer* o = events::listening()) o->on_object_created(*object, nullptr, 0, {});
  }
  asked.remember(*object, address, destroyed_before);
  return *object;
}

void forget_object(const void* address) noexcept {
  shard& s = shard_of(address);
  const spin_lock lock(s.mutex);
  const auto found = s.objects.find(complement(address));
  if (found == s.objects.end()) return;
  destroy(found->second);
  s.objects.erase(found);
}

}  // namespace snag::detail
