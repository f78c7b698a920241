// SPDX-License-Identifier: Apache-2.0
// What ThreadSanitizer's readers need of us: CTest's own expression for the line, the option for the file.
#include "detector/src/tsan_format.h"

#include <gtest/gtest.h>

#include <regex>

namespace snag::detector {
namespace {

TEST(tsan_format, a_header_is_what_ctest_looks_for) {
  const std::regex theirs("WARNING: ThreadSanitizer: (.*) \\(pid=.*\\)");  // cmCTestMemCheckHandler.cxx
  const std::pair<finding_kind, const char*> words[] = {{finding_kind::race, "data race"},
                                                        {finding_kind::deadlock, "deadlock"},
                                                        {finding_kind::leak, "leak"},
                                                        {finding_kind::misuse, "misuse"}};
  for (const auto& [kind, category] : words) {
    const string line = tsan_header(kind, 4711);
    ASSERT_EQ(line.back(), '\n');
    const std::string text(line.data(), line.size() - 1);
    std::smatch found;
    ASSERT_TRUE(std::regex_match(text, found, theirs)) << text;
    EXPECT_EQ(found[1], category);
  }
}

TEST(tsan_format, log_path_of_tsan_options) {
  EXPECT_EQ(tsan_log_path(""), "");
  EXPECT_EQ(tsan_log_path("exitcode=0"), "");
  EXPECT_EQ(tsan_log_path("log_path='/a b/MemoryChecker.1.log'"), "/a b/MemoryChecker.1.log.%p");
  EXPECT_EQ(tsan_log_path("exitcode=0:log_path=/x/y:verbosity=1"), "/x/y.%p");
  EXPECT_EQ(tsan_log_path("log_path=/a log_path=\"/b\""), "/b.%p");
  EXPECT_EQ(tsan_log_path("log_path=stdout"), "stdout");
  EXPECT_EQ(tsan_log_path("report_log_path=/no"), "");
  EXPECT_EQ(tsan_log_path("log_path='/cut off"), "/cut off.%p");
  EXPECT_EQ(tsan_log_path("nonsense"), "");
}

}  // namespace
}  // namespace snag::detector
