// SPDX-License-Identifier: Apache-2.0
#pragma once
// hooks::site::path read with an address: which element of which array, which field at which offset. Only
// what follows: an index is a number where the object that the way starts at is known to begin at one place,
// and stays as written otherwise.
#include <cstdint>
#include <optional>
#include <string_view>

#include "detector/finding.h"

namespace snag::detector {

struct object_path {
  std::string_view start, type, record, text;  // parts of the site's string
  std::uint64_t size = 0, offset = 0, record_offset = 0;
};
std::optional<object_path> parse_path(std::string_view site_path);  // none: empty or not understood

// Writes a.path, a.record, a.field_offset, a.index. `address`: the first byte both accesses touched.
void describe_path(access_description& a, const object_path&, std::uint64_t address,
                   const memory_description&);

// "int" if the call made an array of them: "new int[20]", "calloc(n, sizeof(int))"; part of `call`; empty
// else.
std::string_view array_type_of(std::string_view call);

}  // namespace snag::detector
