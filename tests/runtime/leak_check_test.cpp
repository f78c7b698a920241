// SPDX-License-Identifier: Apache-2.0
// What a leak_check asks its observer, and how long it waits for an answer. (Who is left is the detector's to
// know.)
#include "snag/leak_check.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <deque>
#include <string>
#include <vector>

#include "runtime/events.h"
#include "runtime/src/scheduler.h"
#include "snag/schedule.h"

namespace snag {
namespace {

using events::scope_rest;
using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

// Answers as it is told to, and then always `at_last`.
class answering final : public events::observer {
 public:
  std::deque<scope_rest> answers;
  scope_rest at_last = scope_rest::none;
  std::vector<std::string> seen;
  std::vector<std::chrono::nanoseconds> asked_at;

  void on_scope_opened(events::actor&, events::scope& s, events::site) override {
    std::string line = "opened";
    if (s.name != nullptr) line += std::string(" ") + s.name;
    for (const char* pattern : s.ignored) line += std::string(" -") + pattern;
    if (s.file != nullptr) line += std::string(" ") + s.file + ":" + std::to_string(s.line);
    seen.push_back(line);
  }
  scope_rest on_scope_asked(events::actor&, events::scope&) override {
    asked_at.push_back(detail::now());
    if (answers.empty()) return at_last;
    const scope_rest answer = answers.front();
    answers.pop_front();
    return answer;
  }
  void on_scope_closed(events::actor&, events::scope& s, void (*tell)(void*, const events::scope_finding&),
                       void* to) override {
    seen.push_back(s.name != nullptr ? std::string("closed ") + s.name : "closed");
    if (at_last != scope_rest::none) tell(to, {"leak", "still running", "f00d", "somebody\n"});
  }
};
answering observer;
[[gnu::constructor(102)]] void install_observer() { events::install(observer); }

class leak_check_test : public testing::Test {
 protected:
  void SetUp() override {
    observer.answers.clear();
    observer.at_last = scope_rest::none;
    observer.seen.clear();
    observer.asked_at.clear();
  }
  // On a virtual clock.
  template <class F>
  static void simulated(F f) {
    simulate(schedule::random(1), f);
  }
};

TEST_F(leak_check_test, says_what_it_is_called_and_ignores) {
  {
    leak_check check({.name = "cache", .ignore = {"a", "b*"}, .file = "x.cpp", .line = 7});
  }
  {
    leak_check check;
  }
  EXPECT_THAT(observer.seen, ElementsAre("opened cache -a -b* x.cpp:7", "closed cache", "opened", "closed"));
}

TEST_F(leak_check_test, asks_once_and_does_not_wait_if_nobody_is_left) {
  simulated([] {
    leak_check check;
    EXPECT_THAT(check.finish(), IsEmpty());
  });
  EXPECT_EQ(observer.asked_at.size(), 1u);
}

TEST_F(leak_check_test, waits_until_nobody_is_left) {
  observer.answers = {scope_rest::running, scope_rest::running, scope_rest::waiting};
  simulated([] { leak_check check; });
  ASSERT_EQ(observer.asked_at.size(), 4u);
  EXPECT_LT(observer.asked_at.back() - observer.asked_at.front(), 1ms);
}

TEST_F(leak_check_test, waits_no_longer_than_its_patience) {
  observer.at_last = scope_rest::waiting;
  simulated([] {
    leak_check check({.patience = 3s});
    const leak_list left = check.finish();
    ASSERT_EQ(left.size(), 1u);
    EXPECT_EQ(left[0].shape, "still running");
    EXPECT_EQ(left.text(), "somebody\n");
    EXPECT_THAT(check.finish(), IsEmpty());  // once
  });
  EXPECT_EQ(observer.asked_at.back() - observer.asked_at.front(), 3s);
  EXPECT_THAT(observer.seen, ElementsAre("opened", "closed"));
}

TEST_F(leak_check_test, no_patience_is_one_question) {
  observer.at_last = scope_rest::running;
  simulated([] { leak_check check({.patience = 0s}); });
  EXPECT_EQ(observer.asked_at.size(), 1u);
}

TEST_F(leak_check_test, endless_patience_ends_when_nobody_is_left) {
  observer.answers = {scope_rest::waiting, scope_rest::waiting};
  simulated([] { leak_check check({.patience = std::chrono::nanoseconds::max()}); });
  EXPECT_EQ(observer.asked_at.size(), 3u);
}

}  // namespace
}  // namespace snag
