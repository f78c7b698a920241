// SPDX-License-Identifier: Apache-2.0
// Go specification, "Channel types", "Send statements", "Receive operator", "Close"; rules CH-001 to CH-038.
#include "snag/chan.h"

#include <gtest/gtest.h>

#include "tests/runtime/every_schedule.h"

namespace snag::test {
namespace {

TEST(channel, CH_003_len_and_cap_of_a_nil_channel_are_zero) {
  on_every_schedule([] {
    const chan<int> nil = nullptr;
    EXPECT_EQ(nil.len(), 0);
    EXPECT_EQ(nil.cap(), 0);
  });
}

}  // namespace
}  // namespace snag::test
