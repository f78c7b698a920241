// SPDX-License-Identifier: Apache-2.0
#include "detector/src/report_options.h"

#include <gtest/gtest.h>

#include <map>
#include <string>

namespace snag::detector {
namespace {

std::map<std::string, std::string> given;

string parse(std::map<std::string, std::string> options, report_options& out) {
  given = std::move(options);
  return parse_report_options(
      [](std::string_view key) -> std::optional<std::string_view> {
        const auto found = given.find(std::string(key));
        return found == given.end() ? std::nullopt : std::optional<std::string_view>(found->second);
      },
      out);
}

TEST(report_options, have_the_sanitizers_defaults) {
  report_options o;
  EXPECT_EQ(parse({}, o), "");
  EXPECT_EQ(o.exit_code, 66);
  EXPECT_EQ(o.format, report_format::text);
  EXPECT_FALSE(o.halt_on_error);
  EXPECT_EQ(o.max_reports, 0u);
  EXPECT_TRUE(o.gates(finding_kind::race));
  EXPECT_TRUE(o.gates(finding_kind::leak));
}

TEST(report_options, are_all_understood) {
  report_options o;
  EXPECT_EQ(parse({{"exitcode", "0"},
                   {"report_format", "json"},
                   {"halt_on_error", "1"},
                   {"max_reports", "5"},
                   {"log_path", "out/%p.json"},
                   {"strip_path_prefix", "/src"},
                   {"fail_on", "deadlock,leak"}},
                  o),
            "");
  EXPECT_EQ(o.exit_code, 0);
  EXPECT_EQ(o.format, report_format::json);
  EXPECT_TRUE(o.halt_on_error);
  EXPECT_EQ(o.max_reports, 5u);
  EXPECT_EQ(o.log_path, "out/%p.json");
  EXPECT_EQ(o.strip_path_prefix, "/src");
  EXPECT_FALSE(o.gates(finding_kind::race));
  EXPECT_TRUE(o.gates(finding_kind::deadlock));
}

TEST(report_options, mistakes_say_what_was_expected) {
  report_options o;
  EXPECT_EQ(parse({{"exitcode", "256"}}, o), "SNAG_OPTIONS: exitcode=256: expected a number from 0 to 255");
  EXPECT_EQ(parse({{"exitcode", "6x"}}, o), "SNAG_OPTIONS: exitcode=6x: expected a number from 0 to 255");
  EXPECT_EQ(parse({{"exitcode", ""}}, o), "SNAG_OPTIONS: exitcode=: expected a number from 0 to 255");
  EXPECT_EQ(parse({{"report_format", "xml"}}, o),
            "SNAG_OPTIONS: report_format=xml: expected text, json or tsan");
  EXPECT_EQ(parse({{"halt_on_error", "maybe"}}, o), "SNAG_OPTIONS: halt_on_error=maybe: expected 0 or 1");
  EXPECT_NE(parse({{"fail_on", "race,typo"}}, o), "");
  EXPECT_EQ(parse({{"fail_on", "none"}}, o), "");
  for (const char* mixed : {"race,none", "none,race", "race,none,leak", "none,none"})
    EXPECT_NE(parse({{"fail_on", mixed}}, o), "") << mixed;
  EXPECT_NE(parse({{"max_reports", "-1"}}, o), "");
  EXPECT_NE(parse({{"log_path", ""}}, o), "");
  EXPECT_NE(parse({{"suppressions", ""}}, o), "");
}

}  // namespace
}  // namespace snag::detector
