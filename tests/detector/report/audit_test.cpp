// SPDX-License-Identifier: Apache-2.0
#include "detector/src/audit.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace snag::detector {
namespace {

using testing::HasSubstr;

std::string text(const audit& a, bool full = false) { return render_audit(a, full).c_str(); }

TEST(audit, a_complete_run_is_one_line) {
  audit a{};
  a.usage = {.modules = 2,
             .access_sites = 143,
             .records = 512,
             .shadow_bytes = 3 << 20,
             .other_bytes = 1,
             .contexts = 3,
             .context_bytes = 100,
             .ignored = 0};
  EXPECT_TRUE(a.complete());
  EXPECT_EQ(text(a),
            "snag: checked 143 places in 2 translation units; skipped 0 accesses, dropped 0 findings; used 4 "
            "MiB\n");
}

TEST(audit, in_full_says_what_chains_of_calls_took) {
  audit a{};
  a.usage.contexts = 12;
  a.usage.context_bytes = 1500;
  EXPECT_THAT(text(a, true), HasSubstr("\n  12 chains of calls in 2 KiB of these\n"));
}

TEST(audit, what_was_not_seen_is_named_and_counted) {
  audit a{};
  a.gaps.by_nobody = 1;
  a.dropped = 2;
  a.unseen = {"libz.so.1", "libfoo.so"};
  a.usage.ignored = 7;
  EXPECT_FALSE(a.complete());
  EXPECT_EQ(text(a),
            "snag: checked 0 places in 0 translation units; skipped 1 access, dropped 2 findings, ignored 7 "
            "on request; "
            "used 0 MiB; not checked: libz.so.1 libfoo.so\n");
  EXPECT_THAT(text(a, true), HasSubstr("\n  1 accesses skipped: by threads in their last destructors\n"));
  EXPECT_THAT(text(a, true), HasSubstr("\n  not instrumented, but used: libz.so.1\n"));
}

TEST(audit, each_gap_makes_a_run_incomplete) {
  for (auto member :
       {&coverage_gaps::in_signal_handlers, &coverage_gaps::by_nobody, &coverage_gaps::unrecorded}) {
    audit a{};
    a.gaps.*member = 1;
    EXPECT_FALSE(a.complete());
  }
  audit a{};
  a.dropped = 1;
  EXPECT_FALSE(a.complete());
}

}  // namespace
}  // namespace snag::detector
