// SPDX-License-Identifier: Apache-2.0
#include "snag/panic.h"

#include <gtest/gtest.h>

#include <any>
#include <stdexcept>
#include <string>
#include <thread>

#include "snag/defer.h"
#include "snag/go.h"
#include "snag/runtime.h"
#include "tests/runtime/gate.h"

// Not namespace snag: the runtime's own frames are left out of dumps.
namespace snag_test {
namespace {

using namespace snag;

using snag::test::gate;

TEST(panic, is_an_exception_that_catch_recovers) {
  try {
    panic("bad state");
  } catch (const panic_error& e) {
    EXPECT_STREQ(e.what(), "bad state");
    EXPECT_FALSE(e.value().has_value());
  }
  EXPECT_THROW(panic("x"), std::exception);
}

TEST(panic, messages_are_formatted_only_with_arguments) {
  const auto text = [](auto f) -> std::string {
    try {
      f();
    } catch (const panic_error& e) {
      return e.what();
    }
    return "none";
  };
  EXPECT_EQ(text([] { panic("{} raw {}"); }), "{} raw {}");
  EXPECT_EQ(text([] { panic("{} of {}", 1, "two"); }), "1 of two");
  EXPECT_EQ(text([] { panic(std::string("owned")); }), "owned");
}

TEST(panic, carries_any_value) {
  struct odd {
    int x;
  };
  try {
    panic(42);
  } catch (const panic_error& e) {
    EXPECT_EQ(std::any_cast<int>(e.value()), 42);
    EXPECT_STREQ(e.what(), "42");
  }
  try {
    panic(odd{7});
  } catch (const panic_error& e) {
    EXPECT_EQ(std::any_cast<odd>(e.value()).x, 7);
    EXPECT_NE(std::string(e.what()).find("odd) 0x"), std::string::npos) << e.what();
  }
  try {
    panic(std::out_of_range("index 5"));
  } catch (const panic_error& e) {
    EXPECT_STREQ(e.what(), "index 5");
    EXPECT_NO_THROW(std::any_cast<std::out_of_range>(e.value()));
  }
}

TEST(defer, runs_in_reverse_order_at_the_end_of_the_block_and_on_panic) {
  std::string order;
  {
    defer a([&] { order += 'a'; });
    defer b([&] { order += 'b'; });
  }
  EXPECT_EQ(order, "ba");
  try {
    defer c([&] { order += 'c'; });
    panic("x");
  } catch (const panic_error&) {
    order += '!';
  }
  EXPECT_EQ(order, "bac!");
}

TEST(defer, may_panic_when_nothing_unwinds) {
  EXPECT_THROW({ defer d([] { panic("from defer"); }); }, panic_error);
}

class panic_death : public ::testing::Test {
 protected:
  void SetUp() override { GTEST_FLAG_SET(death_test_style, "threadsafe"); }
  template <class F>
  static void in_goroutine(F f) {
    go(f);
    gate never;
    never.take();
  }
};
const auto status_2 = ::testing::ExitedWithCode(2);

TEST_F(panic_death, leaving_a_goroutine_ends_the_program_in_gos_format) {
  EXPECT_EXIT(
      in_goroutine([] { panic("boom {}", 1); }), status_2,
      "^panic: boom 1\n\ngoroutine [0-9]+ \\[running\\]:\n(.*\n\t.*\n)+created by .* in goroutine 1\n\t");
}

TEST_F(panic_death, names_the_goroutine_and_the_function_that_panicked) {
  EXPECT_EXIT(
      {
        go({.name = "worker"}, [] { panic("x"); });
        gate().take();
      },
      status_2, "goroutine [0-9]+ \\[running, name \"worker\"\\]:\n.*panic_test.*\n?");
}

TEST_F(panic_death, runs_the_defers_first_and_then_shows_where_it_was_thrown) {
  EXPECT_EXIT(in_goroutine([] {
                defer d([] { std::fprintf(stderr, "deferred\n"); });
                throw std::runtime_error("plain exception");
              }),
              status_2,
              "^deferred\npanic: plain exception\n\ngoroutine [0-9]+ \\[running\\]:\n.*operator\\(\\)");
}

TEST_F(panic_death, shows_strings_raw_numbers_as_such_and_other_types_by_name) {
  struct odd {};
  EXPECT_EXIT(in_goroutine([] { throw "c string"; }), status_2, "^panic: c string\n");
  EXPECT_EXIT(in_goroutine([] { throw std::string("string"); }), status_2, "^panic: string\n");
  EXPECT_EXIT(in_goroutine([] { throw 42; }), status_2, "^panic: 42\n");
  EXPECT_EXIT(in_goroutine([] { throw odd{}; }), status_2, "^panic: \\(.*odd\\) 0x");
}

TEST_F(panic_death, indents_further_lines_of_the_message) {
  EXPECT_EXIT(in_goroutine([] { panic("one\ntwo"); }), status_2, "^panic: one\n\ttwo\n\ngoroutine");
}

TEST_F(panic_death, a_panic_inside_a_defer_during_a_panic_prints_both) {
  EXPECT_EXIT(in_goroutine([] {
                defer d([] { panic("second"); });
                panic("first");
              }),
              status_2, "^panic: first\n\tpanic: second\n\ngoroutine");
}

TEST_F(panic_death, a_noexcept_function_that_throws_is_a_panic_too) {
  EXPECT_EXIT(in_goroutine([] { []() noexcept { panic("through noexcept"); }(); }), status_2,
              "^panic: through noexcept\n\ngoroutine [0-9]+ \\[running\\]:");
}

TEST_F(panic_death, so_is_an_exception_that_leaves_a_foreign_thread) {
  EXPECT_EXIT(std::thread([] { throw std::runtime_error("thread"); }).join(), status_2,
              "^panic: thread\n\ngoroutine");
}

TEST_F(panic_death, and_a_thread_that_nobody_joined) {
  EXPECT_EXIT({ std::thread t([] { gate().take(); }); }, status_2, "^panic: std::terminate called");
}

TEST_F(panic_death, two_at_once_print_one_report) {
  EXPECT_EXIT(
      {
        for (int i = 0; i < 50; ++i) go([] { panic("many"); });
        gate().take();
      },
      status_2, "^panic: many\n\ngoroutine [0-9]+ \\[running\\]:\n([^p].*\n|\t.*\n)*$");
}

}  // namespace
}  // namespace snag_test
