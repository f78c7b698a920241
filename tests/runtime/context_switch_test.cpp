// SPDX-License-Identifier: Apache-2.0
#include "runtime/src/context_switch.h"

#include <gtest/gtest.h>

#include <cfenv>
#include <cstdint>
#include <vector>

namespace snag::detail {
namespace {

struct coroutine {
  std::vector<std::byte> stack = std::vector<std::byte>(64 << 10);
  void* context = nullptr;

  explicit coroutine(void (*entry)(arrival)) {
    context = make_context({stack.data(), stack.data() + stack.size()}, entry);
  }
  void resume(void* pass = nullptr) { context = jump(context, pass).left; }
};

TEST(context_switch, enters_and_leaves_with_the_value_passed) {
  static std::vector<long> seen;
  seen.clear();
  coroutine c([](arrival from) {
    for (;;) {
      seen.push_back(*static_cast<long*>(from.passed));
      from = jump(from.left, nullptr);
    }
  });
  for (long i = 0; i < 3; ++i) c.resume(&i);
  EXPECT_EQ(seen, (std::vector<long>{0, 1, 2}));
}

// A switch must not load flags that differ from the current ones: that is the expensive write.
TEST(context_switch, status_flags_stay_with_the_thread) {
  coroutine raises([](arrival from) {
    for (;;) {
      std::feraiseexcept(FE_INEXACT);
      from = jump(from.left, nullptr);
    }
  });
  std::feclearexcept(FE_ALL_EXCEPT);
  raises.resume();
  EXPECT_EQ(std::fetestexcept(FE_ALL_EXCEPT), FE_INEXACT);
  std::feclearexcept(FE_ALL_EXCEPT);
  std::feraiseexcept(FE_OVERFLOW);
  raises.resume();
  EXPECT_EQ(std::fetestexcept(FE_ALL_EXCEPT), FE_INEXACT | FE_OVERFLOW);
  std::feclearexcept(FE_ALL_EXCEPT);
}

TEST(context_switch, rounding_stays_with_the_context) {
  coroutine upward([](arrival from) {
    std::fesetround(FE_UPWARD);
    from = jump(from.left, nullptr);
    EXPECT_EQ(std::fegetround(), FE_UPWARD);
    for (;;) from = jump(from.left, nullptr);
  });
  upward.resume();
  EXPECT_EQ(std::fegetround(), FE_TONEAREST);
  upward.resume();
  EXPECT_EQ(std::fegetround(), FE_TONEAREST);
}

TEST(context_switch, a_new_context_can_be_given_the_control_state_of_its_creator) {
  static int rounding = -1;
  coroutine c([](arrival from) {
    rounding = std::fegetround();
    for (;;) from = jump(from.left, nullptr);
  });
  std::fesetround(FE_DOWNWARD);
  const fp_control downward = read_fp_control();
  std::fesetround(FE_TONEAREST);
  set_fp_control(c.context, downward);
  c.resume();
  EXPECT_EQ(rounding, FE_DOWNWARD);
  EXPECT_EQ(std::fegetround(), FE_TONEAREST);
}

}  // namespace
}  // namespace snag::detail
