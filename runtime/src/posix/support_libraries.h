// SPDX-License-Identifier: Apache-2.0
#pragma once
// Calls that come from the compiler's own libraries, for their own sake. What those do once or under a lock
// is no order that a program may count on: whoever throws first would come before whoever throws later.
namespace snag::detail {

bool initialises_itself(const void* caller) noexcept;     // code of libgcc_s or libstdc++
bool stands_in_for_atomics(const void* caller) noexcept;  // of libatomic, which locks what is too large

}  // namespace snag::detail
