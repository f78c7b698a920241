// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <thread>

namespace {
int hits = 0;
}

TEST(plain, passes) { EXPECT_EQ(hits, 0); }

TEST(plain, races) {
  std::thread other([] { ++hits; });
  ++hits;
  other.join();
}

TEST(plain, passes_too) { EXPECT_EQ(1 + 1, 2); }
