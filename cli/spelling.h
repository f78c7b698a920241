// SPDX-License-Identifier: Apache-2.0
#pragma once
// "did you mean …?"
#include <span>
#include <string>
#include <string_view>

namespace snag::cli {

// The word among `known` that `word` is most likely a misspelling of; empty if none is near. Distance:
// letters inserted, left out, changed, or swapped with their neighbour (optimal string alignment).
std::string_view nearest(std::string_view word, std::span<const std::string_view> known);

// "; did you mean 'x'?", or nothing.
std::string suggestion(std::string_view word, std::span<const std::string_view> known);

}  // namespace snag::cli
