// SPDX-License-Identifier: Apache-2.0
// The names say how each ends; tests/install/testing_test.py expects it.
#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>

#include <snag/snag.h>

namespace {

int length = 0;
void both_add() {
  snag::wait_group adders;
  for (int i = 0; i < 2; ++i) adders.go([] { ++length; });
  adders.wait();
}

}  // namespace

TEST(queue, passes) {
  snag::chan<int> c(1);
  c << 1;
  EXPECT_EQ(c.recv(), 1);
}

TEST(queue, a_race) { both_add(); }

TEST(queue, b_crash) {
  volatile int* nowhere = nullptr;
  *nowhere = 1;
}

TEST(queue, c_hang) {
  for (;;) snag::sleep_for(std::chrono::hours(1));
}

TEST(queue, d_exit) { std::exit(3); }

TEST(queue, e_panic) {
  snag::go([] { snag::panic("no place left"); });
  for (;;) snag::sleep_for(std::chrono::hours(1));
}

TEST(queue, f_skipped) { GTEST_SKIP(); }

TEST(queue, g_fails) { EXPECT_EQ(length, -1); }

TEST(queue, h_the_same_race) { both_add(); }

TEST(queue, i_leak) {
  snag::chan<int> nobody_reads;
  snag::go([=] { nobody_reads << 1; });
}

TEST(queue, j_dies_as_it_should) { EXPECT_DEATH(std::abort(), ""); }

TEST(queue, k_passes_again) { EXPECT_GE(length, 0); }
