// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a call of library code is made on, as the plugin wrote it into the call's site (hooks.h). Thread-safe.
#include <cstdint>
#include <string_view>

#include "detector/finding.h"
#include "detector/hooks.h"

namespace snag::detector {

struct called_object {  // views of the site's strings
  std::string_view use, expression, path;
  std::uint64_t size = 0;  // bytes; 0: unknown
};
// Empty: the site is no call, or nothing is known.
called_object called_object_of(const hooks::site&);

// Accesses within calls on objects, of a race whose memory and objects are known: `index[key]` touches the
// key, too. It is the key if the other side or the memory says so; if each side could mean the other's,
// nothing follows.
void prefer_arguments(finding&);

}  // namespace snag::detector
