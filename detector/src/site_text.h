// SPDX-License-Identifier: Apache-2.0
#pragma once
// Reading hooks::site: its strings lie at an offset from the field that names them. Thread-safe: sites never
// change once their module is registered.
#include <cstdint>

#include "detector/hooks.h"

namespace snag::detector {

// Empty if unknown, never null.
inline const char* text_of(const std::int32_t& field) noexcept {
  return field == 0 ? "" : reinterpret_cast<const char*>(&field) + field;
}

// The call that this site's function was inlined into; null if it was not inlined.
inline const hooks::site* caller_of_inlined(const hooks::site& s) noexcept {
  if (s.inlined_at == 0) return nullptr;
  return reinterpret_cast<const hooks::site*>(reinterpret_cast<const char*>(&s.inlined_at) + s.inlined_at);
}

}  // namespace snag::detector
