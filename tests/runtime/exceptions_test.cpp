// SPDX-License-Identifier: Apache-2.0
// What libstdc++ and libc keep per thread has to travel with the goroutine.
#include <gtest/gtest.h>

#include <cerrno>
#include <cfenv>
#include <exception>
#include <stdexcept>
#include <string>

#include "snag/go.h"
#include "snag/runtime.h"
#include "snag/schedule.h"
#include "tests/runtime/gate.h"

namespace snag {
namespace {

using test::gate;

// Runs the body with several workers and also under seeds, so that every switch point is taken.
template <class F>
void everywhere(F body) {
  body();
  for (std::uint64_t seed = 0; seed < 20; ++seed) simulate(schedule::random(seed), body);
}

TEST(exceptions, thrown_and_caught_in_one_goroutine_while_others_switch) {
  everywhere([] {
    gate done;
    for (int i = 0; i < 8; ++i)
      go([&done, i] {
        for (int k = 0; k < 20; ++k) {
          try {
            yield();
            throw std::runtime_error(std::to_string(i * 100 + k));
          } catch (const std::runtime_error& e) {
            EXPECT_EQ(e.what(), std::to_string(i * 100 + k));
          }
        }
        done.add();
      });
    done.take(8);
  });
}

TEST(exceptions, blocking_inside_a_catch_block_keeps_the_caught_exception) {
  everywhere([] {
    gate done;
    for (int i = 0; i < 6; ++i)
      go([&done, i] {
        for (int k = 0; k < 10; ++k) {
          try {
            throw i;
          } catch (int) {
            yield();
            try {
              throw std::to_string(i);
            } catch (const std::string& s) {
              yield();
              EXPECT_EQ(s, std::to_string(i));
            }
            yield();
            try {
              throw;  // the outer one again
            } catch (int again) {
              EXPECT_EQ(again, i);
            }
          }
        }
        EXPECT_FALSE(std::current_exception());
        done.add();
      });
    done.take(6);
  });
}

TEST(exceptions, blocking_in_a_destructor_during_unwinding_keeps_the_count) {
  struct witness {
    int expected;
    ~witness() {
      EXPECT_EQ(std::uncaught_exceptions(), expected);
      yield();
      EXPECT_EQ(std::uncaught_exceptions(), expected);
    }
  };
  everywhere([] {
    gate done;
    for (int i = 0; i < 4; ++i) {
      go([&done] {
        for (int k = 0; k < 10; ++k) {
          try {
            witness w{1};
            throw 1;
          } catch (int) {
            witness w{0};
          }
        }
        done.add();
      });
      go([&done] {
        for (int k = 0; k < 30; ++k) {
          EXPECT_EQ(std::uncaught_exceptions(), 0);
          yield();
        }
        done.add();
      });
    }
    done.take(8);
  });
}

TEST(exceptions, errno_belongs_to_the_goroutine) {
  everywhere([] {
    gate done;
    for (int i = 1; i <= 6; ++i)
      go([&done, i] {
        for (int k = 0; k < 20; ++k) {
          // errno's address may be cached across a call by the compiler; a fresh look is what a callee does.
          [i]() __attribute__((noinline)) { errno = i; }();
          yield();
          [i]() __attribute__((noinline)) { EXPECT_EQ(errno, i); }();
        }
        done.add();
      });
    done.take(6);
  });
}

TEST(exceptions, a_goroutine_starts_with_errno_zero_and_no_exception) {
  everywhere([] {
    gate done;
    errno = 42;
    try {
      throw 1;
    } catch (int) {
      go([&done] {
        EXPECT_EQ(errno, 0);
        EXPECT_FALSE(std::current_exception());
        done.add();
      });
      done.take();
    }
  });
}

TEST(exceptions, rounding_mode_is_inherited_and_then_ones_own) {
  everywhere([] {
    gate done;
    std::fesetround(FE_UPWARD);
    go([&done] {
      EXPECT_EQ(std::fegetround(), FE_UPWARD);
      std::fesetround(FE_DOWNWARD);
      yield();
      EXPECT_EQ(std::fegetround(), FE_DOWNWARD);
      done.add();
    });
    std::fesetround(FE_TONEAREST);
    done.take();
    EXPECT_EQ(std::fegetround(), FE_TONEAREST);
  });
}

}  // namespace
}  // namespace snag
