// SPDX-License-Identifier: Apache-2.0
#pragma once
// Where the counted handles of channels, wait groups and contexts lie. A handle's home follows from its
// address, not from who made it. Sharded by address; thread-safe. 40 bytes a handle.
#include <cstdint>

#include "detector/src/internal_memory.h"
#include "detector/src/spin_lock.h"
#include "runtime/events.h"

namespace snag::detector {

class handle_registry {
 public:
  void gained(const void* at, const events::object&, events::direction) noexcept;
  void lost(const void* at, const events::object&) noexcept;

  // pre: nobody gains or loses one meanwhile.
  template <class Visit>
  void for_each(Visit&& visit) const {
    for (const shard& s : shards_)
      if (s.known != nullptr)
        for (const auto& [at, h] : *s.known) visit(at, *h.of, h.way);
  }

 private:
  struct entry {
    const events::object* of;
    events::direction way;
  };
  struct alignas(64) shard {
    spin_lock lock;
    unordered_map<const void*, entry>* known = nullptr;
  };
  static constexpr std::size_t shard_count = 64;
  shard& shard_of(const void* at) noexcept;

  shard shards_[shard_count];
};

extern handle_registry handles;

}  // namespace snag::detector
