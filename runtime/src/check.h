// SPDX-License-Identifier: Apache-2.0
#pragma once
// Our own invariants, checked in every build type. A failure is our bug, never the user's.

namespace snag::detail {
[[noreturn]] void check_failed(const char* condition, const char* what, const char* file, int line) noexcept;
}

#define SNAG_CHECK(condition, what) \
  ((condition) ? static_cast<void>(0) : ::snag::detail::check_failed(#condition, what, __FILE__, __LINE__))
