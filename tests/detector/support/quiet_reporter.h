// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <atomic>
#include <cstdint>

namespace snag::detector {
extern std::atomic<std::uint64_t> races_reported, misuses_reported, deadlocks_reported;
}
