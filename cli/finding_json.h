// SPDX-License-Identifier: Apache-2.0
#pragma once
// A finding as JSON (docs/findings.md) to plain data. Strict: throws std::exception where a member is missing
// or is of another type, so that no renderer has to doubt what it is given.
#include <nlohmann/json.hpp>

#include "detector/finding.h"

namespace snag::cli {

using json = nlohmann::ordered_json;

const json& member(const json& object, const char* name);
detector::finding finding_of(const json&);

}  // namespace snag::cli
