// SPDX-License-Identifier: Apache-2.0
#pragma once
// Runs a piece of a test in a child with the interposers open, and answers what the core was told.
#include <gtest/gtest.h>

#include <cstdio>
#include <functional>
#include <string>
#include <vector>

#include "detector/src/interpose.h"
#include "tests/detector/report/child.h"
#include "tests/detector/report/fake_core.h"

namespace snag::detector {

inline std::string joined(const std::vector<std::string>& parts) {
  std::string out;
  for (const std::string& p : parts) out += (out.empty() ? "" : ", ") + p;
  return out;
}

inline const hooks::site* opened(std::uint8_t call_flags = 0) {
  fake::reset();
  start_reporter();
  const hooks::site* call =
      fake::add_site({.kind = hooks::site_kind::call, .flags = call_flags, .line = 1, .function = "f()"});
  fake::the_world().call = call;
  fake::the_world().log.reserve(1000);
  fake::the_world().recording = true;
  return call;
}

// Runs the body with interposers open; answers what it printed. Fails if it did not end with 0.
inline std::string seen(const std::function<void()>& body, std::uint8_t call_flags = 0) {
  const auto o = test::in_child([&] {
    opened(call_flags);
    body();
    fake::the_world().recording = false;
  });
  EXPECT_EQ(o.status, 0) << o.err;
  return o.out;
}
inline void print(const void* p, std::size_t n) {
  fake::the_world().recording = false;
  printf("%s", joined(fake::told_about(p, n)).c_str());
}
// The compiler knows malloc and strlen; the tests mean the calls.
template <class T>
T opaque(T value) {
  asm volatile("" : "+r"(value) : : "memory");
  return value;
}

}  // namespace snag::detector
