// SPDX-License-Identifier: Apache-2.0
#include "runtime/src/posix/address_objects.h"
#include "runtime/src/leaked.h"

#include <array>

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

void destroy(address_object* object) {
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
