// SPDX-License-Identifier: Apache-2.0
#include "detector/src/liveness/handles.h"

namespace snag::detector {

constinit handle_registry handles;

handle_registry::shard& handle_registry::shard_of(const void* at) noexcept {
  const auto mixed = reinterpret_cast<std::uint64_t>(at) * 0x9E3779B97F4A7C15u;
  return shards_[mixed >> 58];
}

void handle_registry::gained(const void* at, const events::object& o, events::direction way) noexcept {
  shard& s = shard_of(at);
  spin_guard guard(s.lock);
  if (s.known == nullptr) s.known = internal_new<unordered_map<const void*, entry>>();
  (*s.known)[at] = {&o, way};
}

void handle_registry::lost(const void* at, const events::object& o) noexcept {
  shard& s = shard_of(at);
  spin_guard guard(s.lock);
  if (s.known == nullptr) return;
  // Somebody else's by now, if the former lost its memory without an end.
  if (const auto found = s.known->find(at); found != s.known->end() && found->second.of == &o)
    s.known->erase(found);
}

}  // namespace snag::detector
