// SPDX-License-Identifier: Apache-2.0
#pragma once
// Where an object was made, in the word that it has for observers; and where a lock was taken.
#include <cstring>

#include "detector/src/deadlock_mode/native_places.h"
#include "runtime/events.h"

namespace snag::detector {

static_assert(sizeof(place) == sizeof(void*));

inline void keep_place(events::object& o, place p) noexcept { std::memcpy(&o.slot.state, &p, sizeof p); }
inline place kept_place(const events::object& o) noexcept {
  place p;
  std::memcpy(&p, &o.slot.state, sizeof p);
  return p;
}

inline place place_of_holding(const events::holding& h) noexcept {
  std::size_t n = 0;
  while (n < events::holding::most_places && h.places[n] != nullptr) ++n;
  return place_of_addresses(h.places, n);
}

}  // namespace snag::detector
