// SPDX-License-Identifier: Apache-2.0
#pragma once
// What the tests of Go's rules share: elements that cross a channel as bytes and boxed, and operations that
// must never return.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "runtime/symbols.h"
#include "tests/runtime/every_schedule.h"

namespace snag::test {

// Value number i of an element type; number 0 is T{}.
template <class T>
T value(int i) {
  if constexpr (std::is_same_v<T, std::string>) {
    return i == 0 ? "" : "element number " + std::to_string(i);  // too long to be stored in the object
  } else {
    return static_cast<T>(i);
  }
}

// body.template operator()<T>() with elements that cross a channel as bytes, and boxed.
template <class Body>
void on_every_schedule_and_element(Body body, int seeds = 50, int rounds = 20) {
  on_every_schedule([&] { body.template operator()<int>(); }, seeds, rounds);
  on_every_schedule([&] { body.template operator()<std::string>(); }, seeds, rounds);
}

// The body, and whatever it started, must end in Go's deadlock, with a goroutine waiting for each of these
// reasons. Each seed in a process of its own, which check() ends with another status.
inline void check(bool holds) {
  if (!holds) _exit(3);
}

// Debug information is read once, before the children that print their stacks are forked: they inherit it.
// Reading it took each of them a hundred times as long as all the rest.
inline void read_debug_information() {
  detail::symbolize(__builtin_return_address(0), [](void*, const detail::source_frame&) {}, nullptr);
}

template <class Body>
void expect_deadlock(Body body, const std::vector<std::string>& reasons, int seeds = 50) {
  std::vector<testing::Matcher<const std::string&>> says{
      testing::HasSubstr("fatal error: all goroutines are asleep - deadlock!")};
  for (const auto& reason : reasons) says.push_back(testing::HasSubstr("[" + reason));
  read_debug_information();
  for (int seed = 1; seed <= seeds && !testing::Test::HasFailure(); ++seed) {
    SCOPED_TRACE("schedule::random(" + std::to_string(seed) + ")");
    EXPECT_EXIT(simulate(schedule::random(static_cast<std::uint64_t>(seed)), body),
                testing::ExitedWithCode(2), testing::AllOfArray(says));
  }
}

// The body must end the program, on each seed, with status 2 and these words.
template <class Body>
void expect_end(Body body, const std::string& words, int seeds = 50) {
  read_debug_information();
  for (int seed = 1; seed <= seeds && !testing::Test::HasFailure(); ++seed) {
    SCOPED_TRACE("schedule::random(" + std::to_string(seed) + ")");
    EXPECT_EXIT(simulate(schedule::random(static_cast<std::uint64_t>(seed)), body),
                testing::ExitedWithCode(2), testing::HasSubstr(words));
  }
}

// The operation never returns; on real threads, not as long as anybody looks. Captures by value: there, its
// goroutine stays.
template <class Operation>
void expect_blocks_for_ever(Operation operation, const std::string& reason) {
  expect_deadlock([=] { operation(); }, {reason});
  on_real_threads(20, [=] {
    const auto passed = std::make_shared<std::atomic<bool>>(false);
    go([=] {
      operation();
      *passed = true;
    });
    let_others_block();
    EXPECT_FALSE(*passed);
  });
}

}  // namespace snag::test
