// SPDX-License-Identifier: Apache-2.0
// Go specification, "Handling panics", "Defer statements", "Run-time panics"; rules PA-001 to PA-020. Recover
// is catch.
#include "snag/panic.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <exception>
#include <stdexcept>
#include <string>

#include "tests/conformance/processes.h"
#include "tests/runtime/every_schedule.h"

namespace snag::test {
namespace {

using testing::HasSubstr;
using testing::MatchesRegex;

// What body(trace) wrote in a goroutine of its own, which lets others run in between.
template <class Body>
std::string trace_of(Body body) {
  std::string trace;
  wait_group one;
  one.go([&] { body(trace); });
  one.wait();
  return trace;
}

void three_defers(std::string& trace, void (*leave)()) {
  for (int i = 0; i < 1; ++i) {
    int n = 1;
    const defer first([&trace, n] { trace += std::to_string(n), yield(); });  // n as it is now
    n = 2;
    const defer second([&trace, n] { trace += std::to_string(n), yield(); });
    n = 3;
    const defer third([&trace, n] { trace += std::to_string(n), yield(); });
    n = 4;
    leave();
  }
}

TEST(panic, PA_001_defers_run_last_first_however_the_block_is_left_with_their_values_of_then) {
  on_every_schedule([] {
    EXPECT_EQ(trace_of([](std::string& t) { three_defers(t, [] {}); }), "321");
    EXPECT_EQ(trace_of([](std::string& t) { three_defers(t, [] { goexit(); }); }), "321");
    EXPECT_EQ(trace_of([](std::string& t) {
                try {
                  three_defers(t, [] { panic("x"); });
                } catch (const panic_error&) {
                  t += '!';
                }
              }),
              "321!");
  });
}

int result_changed_too_late(int& seen) {
  int result = 1;
  const defer d([&] {
    seen = result;
    result = 2;
  });
  return result;
}

// Go's deferred function would make it 2, if the result had that name.
TEST(panic, PA_002_what_return_evaluated_stays_as_it_was_and_a_defer_may_read_it) {
  on_every_schedule([] {
    int seen = 0;
    EXPECT_EQ(result_changed_too_late(seen), 1);
    EXPECT_EQ(seen, 1);
  });
}

TEST(panic, PA_003_only_a_catch_around_the_call_recovers) {
  on_every_schedule([] {
    const std::string trace = trace_of([](std::string& t) {
      try {
        const defer d([&] {
          yield();
          if (std::current_exception() == nullptr) t += "not mine,";  // it unwinds, nobody has caught it
          try {
          } catch (...) {
            t += "wrong,";
          }
        });
        panic("p");
      } catch (const panic_error& e) {
        t += e.what();
      }
    });
    EXPECT_EQ(trace, "not mine,p");
    EXPECT_EQ(std::current_exception(), nullptr);
  });
}

TEST(panic, PA_004_a_function_called_by_a_deferred_one_recovers_only_its_own) {
  on_every_schedule([] {
    const std::string trace = trace_of([](std::string& t) {
      const auto helper = [&] {
        try {
          yield();
          panic("own,");
        } catch (const panic_error& e) {
          t += e.what();
        }
      };
      try {
        const defer d([&] { helper(); });
        panic("outer");
      } catch (const panic_error& e) {
        t += e.what();
      }
    });
    EXPECT_EQ(trace, "own,outer");
  });
}

TEST(panic, PA_005_once_recovered_the_panic_is_gone) {
  on_every_schedule([] {
    try {
      panic("x");
    } catch (const panic_error&) {
      yield();
      EXPECT_NE(std::current_exception(), nullptr);
    }
    yield();
    EXPECT_EQ(std::current_exception(), nullptr);
    EXPECT_EQ(std::uncaught_exceptions(), 0);
  });
}

TEST(panic, PA_006_after_a_recover_the_function_returns_to_its_caller) {
  on_every_schedule([] {
    const auto recovers = [] {
      try {
        yield();
        panic("x");
      } catch (const panic_error&) {
        yield();
      }
      return 7;
    };
    int after = recovers();
    EXPECT_EQ(++after, 8);
  });
}

TEST(panic, PA_007_another_goroutine_cannot_recover_it) {
  expect_death("recover_elsewhere", "panic: mine alone");
}

TEST(panic, PA_007_and_does_not_see_it_while_it_is_handled) {
  on_every_schedule([] {
    chan<int> go_on;
    wait_group all;
    all.go([&] {
      go_on.recv();
      EXPECT_EQ(std::current_exception(), nullptr);
      EXPECT_EQ(std::uncaught_exceptions(), 0);
    });
    try {
      const defer d([&] { go_on << 1; });
      panic("x");
    } catch (const panic_error&) {
      all.wait();
    }
  });
}

TEST(panic, PA_008_unrecovered_in_any_goroutine_it_ends_the_process_after_that_ones_defers) {
  expect_death("panic_in_goroutine", "panic: in a goroutine");
  expect_death("panic_all_defers", "inner\nouter\npanic: after the defers");
}

TEST(panic, PA_009_a_panic_with_nil_is_a_panic) {
  on_every_schedule([] {
    EXPECT_EQ(panic_of([] { panic(nullptr); }), "panic called with nil argument");
    EXPECT_EQ(panic_of([] { panic(static_cast<const char*>(nullptr)); }), "panic called with nil argument");
  });
  expect_death("panic_nil", "panic: panic called with nil argument");
}

TEST(panic, PA_010_a_panic_in_a_deferred_call_prints_both_oldest_first) {
  expect_death("panic_in_defer", "panic: first\n\tpanic: second");
  expect_death("panic_in_defer_of_defer", "panic: first\n\tpanic: second\n\tpanic: third");
}

TEST(panic, PA_011_recovered_and_panicked_again_says_so) {
  expect_death("panic_recovered", "panic: first [recovered]\n\tpanic: second");
  expect_death("panic_three", "panic: first [recovered]\n\tpanic: second [recovered]\n\tpanic: third");
  for (const char* same : {"panic_repanicked", "panic_same_again"})
    expect_death(same, "panic: first [recovered, repanicked]");
  expect_death("panic_repanicked_and_another", "panic: first [recovered, repanicked]\n\tpanic: second");
  expect_death("panic_another_repanicked",
               "panic: first [recovered]\n\tpanic: second [recovered, repanicked]");
}

TEST(panic, PA_011_also_beside_another_panic_in_flight) {
  expect_death("panic_recovered_in_defer", "panic: outer\n\tpanic: first [recovered]\n\tpanic: second");
  expect_death("panic_repanicked_in_defer", "panic: outer\n\tpanic: first [recovered, repanicked]");
  expect_death("panic_in_defer_of_recovery", "panic: first [recovered]\n\tpanic: second\n\tpanic: third");
}

TEST(panic, PA_012_a_panic_recovered_in_a_deferred_call_leaves_the_outer_one_active) {
  on_every_schedule([] {
    const std::string trace = trace_of([](std::string& t) {
      try {
        const defer outer([&] {
          for (const char* inner : {"one,", "two,"}) {
            try {
              const defer yields([] { yield(); });
              panic(inner);
            } catch (const panic_error& e) {
              t += e.what();
            }
          }
          t += std::uncaught_exceptions() == 1 ? "active," : "lost,";
        });
        panic("outer");
      } catch (const panic_error& e) {
        t += e.what();
      }
    });
    EXPECT_EQ(trace, "one,two,active,outer");
  });
}

TEST(panic, PA_013_goexit_while_a_panic_is_handled_abandons_it) {
  on_every_schedule([] {
    const std::string trace = trace_of([](std::string& t) {
      const defer last([&] { t += std::uncaught_exceptions() == 0 ? "gone" : "there"; });
      try {
        try {
          panic("x");
        } catch (const panic_error&) {
          t += "caught,";
          yield();
          goexit();
        }
      } catch (const panic_error&) {
        t += "wrong,";
      }
      t += "went on,";
    });
    EXPECT_EQ(trace, "caught,gone");
  });
}

TEST(panic, PA_013_but_not_in_a_destructor_that_the_panic_runs) {
  expect_death("goexit_in_defer_of_panic",
               "panic: goexit() cannot leave a noexcept function, nor a destructor that unwinding runs");
}

TEST(panic, PA_014_what_only_the_machine_notices_keeps_its_signal) {
  expect_on_every_schedule("null_pointer", "", 128 + SIGSEGV);
  expect_on_every_schedule("division_by_zero", "", 128 + SIGFPE);
}

TEST(panic, PA_014_run_time_errors_are_panics_and_exceptions) {
  on_every_schedule([] {
    wait_group moved_from;
    const wait_group other = std::move(moved_from);
    EXPECT_EQ(panic_of([&] { moved_from.wait(); }),
              "runtime error: invalid memory address or nil pointer dereference");
    EXPECT_EQ(panic_of([] { chan<int> c(-1); }), "makechan: size out of range");
    EXPECT_THROW(moved_from.done(), std::exception);
  });
}

TEST(panic, PA_015_fatal_errors_cannot_be_recovered) {
  expect_death("unlock_in_try", "fatal error: sync: unlock of unlocked mutex");
  expect_death("deadlock_in_try", "fatal error: all goroutines are asleep - deadlock!");
  expect_on_every_schedule("stack_overflow_in_try", HasSubstr("fatal error: stack overflow\n"), 2,
                           "traceback=none");
}

TEST(panic, PA_016_values_print_as_go_prints_them) {
  constexpr int seeds = 2;  // what a value prints as does not depend on who runs when
  expect_death("panic_text", "panic: boom", seeds);
  expect_death("panic_error", "panic: an error", seeds);
  expect_death("panic_stringer", "panic: shown as text", seeds);
  expect_death("panic_int", "panic: 42", seeds);
  expect_death("panic_bool", "panic: true", seeds);
  expect_death("panic_double", "panic: 1.5", seeds);
  expect_death("panic_large", "panic: 1e+08", seeds);
  expect_death("panic_precise", "panic: 1.2345675e+06", seeds);
  expect_death("panic_small", "panic: 1e-05", seeds);
  expect_death("panic_single", "panic: 123456.79", seeds);
  expect_death("panic_zero", "panic: -0", seeds);
  expect_death("panic_nan", "panic: NaN", seeds);
  expect_death("panic_infinite", "panic: +Inf", seeds);
  expect_death("panic_enum", "panic: color(3)", seeds);
  expect_death("panic_old_enum", "panic: old_color(3)", seeds);
  expect_death("throw_double", "panic: 1e+08", seeds);
  expect_death("throw_short", "panic: -5", seeds);
  expect_death("throw_byte", "panic: 65", seeds);
  expect_on_every_schedule("panic_other", MatchesRegex("panic: \\(.*odd\\) 0x[0-9a-f]+\n"), 2,
                           "traceback=none", seeds);
  expect_on_every_schedule("panic_pointer", MatchesRegex("panic: \\(int\\*\\) 0x[0-9a-f]+\n"), 2,
                           "traceback=none", seeds);
}

TEST(panic, PA_017_a_panic_while_a_value_is_printed_is_fatal) {
  expect_death("panic_unprintable", "fatal error: panic while printing panic value: inner");
}

TEST(panic, PA_018_what_was_handled_meanwhile_is_not_taken_for_the_panic_in_flight) {
  expect_death("panic_in_defer_after_another", "panic: first\n\tpanic: second");
}

// Found broken: asked something for its text that was gone.
TEST(panic, PA_018_nor_what_was_thrown_before_one_that_is_raised_again) {
  expect_death("panic_in_defer_of_once_func", "panic: once\n\tpanic: second");
}

TEST(panic, PA_018_nor_what_lay_at_the_same_address_before) {
  expect_death("panic_where_another_lay", "panic: first [recovered]\n\tpanic: second");
}

// Go's TestDeferWithRepeatedRepanics.
TEST(panic, PA_018_repeated_repanics_end_at_the_handler_that_keeps_them) {
  on_every_schedule([] {
    for (int i = 0; i < 10; ++i) {
      std::string last;
      try {
        try {
          try {
            panic("a");
          } catch (const panic_error& e) {
            yield();
            panic("{}b", e.what());
          }
        } catch (const panic_error& e) {
          panic("{}c", e.what());
        }
      } catch (const panic_error& e) {
        last = e.what();
      }
      EXPECT_EQ(last, "abc");
    }
  });
}

TEST(panic, PA_019_exit_runs_no_defers) { expect_on_every_schedule("exit_7", "", 7); }

TEST(panic, PA_020_any_exception_that_leaves_a_goroutine_is_an_unhandled_panic) {
  expect_death("exception_in_goroutine", "panic: no panic_error");
  expect_death("panic_in_thread", "panic: in a thread");
}

TEST(panic, PA_020_a_panic_is_an_exception_that_passes_handlers_that_throw_on) {
  on_every_schedule([] {
    std::string trace;
    try {
      try {
        panic(41);
      } catch (...) {
        trace += "passed,";
        yield();
        throw;
      }
    } catch (const std::exception& e) {
      trace += e.what();
      EXPECT_EQ(std::any_cast<int>(dynamic_cast<const panic_error&>(e).value()), 41);
    }
    EXPECT_EQ(trace, "passed,41");
  });
}

}  // namespace
}  // namespace snag::test
