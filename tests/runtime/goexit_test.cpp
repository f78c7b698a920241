// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <stdexcept>
#include <string>

#include "snag/defer.h"
#include "snag/go.h"
#include "snag/runtime.h"
#include "tests/runtime/gate.h"

namespace snag {
namespace {

using test::gate;

// What the body wrote, once its goroutine is over.
template <class F>
std::string trace(F body) {
  std::string text;
  gate done;
  go([&] {
    defer end([&] { done.add(); });
    body(text);
    text += "returned";
  });
  done.take();
  return text;
}

TEST(goexit, runs_every_destructor_and_defer_and_returns_nowhere) {
  EXPECT_EQ(trace([](std::string& t) {
              defer first([&] { t += "1"; });
              {
                defer second([&] { t += "2"; });
                goexit();
              }
            }),
            "21");
}

TEST(goexit, is_not_swallowed_by_a_catch_all_without_rethrow) {
  EXPECT_EQ(trace([](std::string& t) {
              defer outer([&] { t += "o"; });
              try {
                defer inner([&] { t += "i"; });
                goexit();
              } catch (...) {
                t += "c";
              }
              t += "went on";
            }),
            "ico");
}

TEST(goexit, passes_several_catch_alls_and_rethrows) {
  EXPECT_EQ(trace([](std::string& t) {
              try {
                try {
                  try {
                    goexit();
                  } catch (...) {
                    t += "a";
                    throw;
                  }
                } catch (...) {
                  t += "b";
                }
              } catch (...) {
                t += "c";
              }
              t += "went on";
            }),
            "abc");
}

TEST(goexit, is_not_seen_by_handlers_of_a_type) {
  EXPECT_EQ(trace([](std::string& t) {
              try {
                goexit();
              } catch (const std::exception&) {
                t += "exception";
              } catch (int) {
                t += "int";
              }
            }),
            "");
}

TEST(goexit, works_from_inside_a_catch_block) {
  EXPECT_EQ(trace([](std::string& t) {
              try {
                throw std::runtime_error("x");
              } catch (const std::exception& e) {
                defer d([&] { t += "d"; });
                goexit();
              }
            }),
            "d");
}

TEST(goexit, a_panic_recovered_during_it_does_not_stop_it) {
  EXPECT_EQ(trace([](std::string& t) {
              defer d([&] {
                try {
                  throw std::runtime_error("late");
                } catch (const std::exception& e) {
                  t += e.what();
                }
              });
              goexit();
            }),
            "late");
}

TEST(goexit, the_thread_goes_on_with_other_goroutines_and_exceptions) {
  for (int i = 0; i < 100; ++i) {
    EXPECT_EQ(trace([](std::string& t) {
                t += "x";
                goexit();
              }),
              "x");
    EXPECT_THROW(throw std::runtime_error("still works"), std::runtime_error);
  }
}

}  // namespace
}  // namespace snag
