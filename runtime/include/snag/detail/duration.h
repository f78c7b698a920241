// SPDX-License-Identifier: Apache-2.0
#pragma once
// Durations of any unit as nanoseconds. What does not fit saturates: a timeout of a thousand years is far
// away, not in the past.
#include <chrono>
#include <limits>
#include <type_traits>

#include "snag/clock.h"

namespace snag::detail {

template <class Rep, class Period>
constexpr std::chrono::nanoseconds to_nanoseconds(std::chrono::duration<Rep, Period> d) {
  using wide = std::chrono::duration<long double, std::nano>;
  constexpr auto most = std::chrono::nanoseconds::max();
  const long double exact = std::chrono::duration_cast<wide>(d).count();
  if (exact >= static_cast<long double>(most.count())) return most;
  if (exact <= -static_cast<long double>(most.count())) return -most;
  if constexpr (std::is_floating_point_v<Rep>) {
    if (exact != exact) return std::chrono::nanoseconds(0);  // not a number
  }
  const auto converted = std::chrono::duration_cast<std::chrono::nanoseconds>(d);
  if constexpr (std::is_integral_v<Rep>) {
    if (converted < d) return converted + std::chrono::nanoseconds(1);  // a fraction of one waits, too
  }
  return converted;
}

inline clock::time_point from_now(std::chrono::nanoseconds d) {
  const auto start = clock::now();
  return d > clock::time_point::max() - start ? clock::time_point::max() : start + d;
}

// From now until a point in the time of any clock.
template <class Clock, class Duration>
std::chrono::nanoseconds until(std::chrono::time_point<Clock, Duration> t) {
  const auto start = Clock::now();
  return t <= start ? std::chrono::nanoseconds(0) : to_nanoseconds(t - start);
}
template <class Duration>
std::chrono::nanoseconds until(std::chrono::time_point<clock, Duration> t) {
  if (t == std::chrono::time_point<clock, Duration>::max()) return std::chrono::nanoseconds::max();
  const auto start = clock::now();
  return t <= start ? std::chrono::nanoseconds(0) : to_nanoseconds(t - start);
}

}  // namespace snag::detail
