// SPDX-License-Identifier: Apache-2.0
// The formats, rendered from one view: golden where the whole text matters, else what a reader relies on.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>

#include "cli/gate.h"
#include "cli/order_svg.h"
#include "tests/cli/report_documents.h"

namespace snag::cli {
namespace {

using cli_test::deadlock;
using cli_test::findings_document;
using cli_test::race;
using cli_test::read;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

constexpr day some_day{std::chrono::days(20'000)};

std::string rendered(void (*render)(std::ostream&, const report_view&), const report& r,
                     const gate_flags& flags = {}, const baseline* known = nullptr) {
  report_view v = judge(r, flags, known, some_day);
  v.prefix = "/src/";
  v.source = [](const std::string&, std::uint32_t line, std::string& text) {
    text = "line <" + std::to_string(line) + ">";
    return line < 30;
  };
  std::ostringstream out;
  render(out, v);
  return out.str();
}

const std::string hostile = "a<b>&\"'\x01%,:\n]]>";

report both() { return read(findings_document({race({.file = "/src/app.cpp", .count = 2}), deadlock()})); }

TEST(report_render, text_is_what_the_program_prints_and_how_often_it_was_seen) {
  const std::string text = rendered(render_text, both());
  EXPECT_THAT(text,
              AllOf(HasSubstr("WARNING: DATA RACE\nWrite at 0x000000001000 by goroutine 2:\n  bump()\n"),
                    HasSubstr("  seen 2 times\n"), HasSubstr("Found 1 data race(s)\nFound 1 deadlock(s)\n")));
}

TEST(report_render, github_escapes_what_would_end_a_command) {
  report r = read(findings_document({race({.file = "/src/a,b:c%.cpp"})}));
  r.findings.begin()->second.message = hostile;
  EXPECT_EQ(rendered(render_github, r),
            "::error file=a%2Cb%3Ac%25.cpp,line=12,col=3,title=data race "
            "(data-race)::a<b>&\"'\x01%25,:%0A]]>%0Aseen once%0A"
            "Missing edge: main goroutine last released at app.cpp:20 (snag::go(worker)), before the read; "
            "nothing orders "
            "that before the write by goroutine 2%0AHint: it is captured: <copy> it & be glad%0AFingerprint: "
            "data-race "
            "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n");
}

TEST(report_render, what_does_not_gate_is_no_error) {
  const report r = read(findings_document({race({.certainty = "suspected"})}));
  EXPECT_THAT(rendered(render_github, r), testing::StartsWith("::warning "));
  EXPECT_THAT(rendered(render_gitlab, r), HasSubstr("\"severity\":\"minor\""));
  EXPECT_THAT(rendered(render_junit, r), HasSubstr("failures=\"0\""));
  EXPECT_THAT(rendered(render_github, r, {.fail_on = {"suspected"}, .exit_code = {}, .baseline = {}}),
              testing::StartsWith("::error "));
}

TEST(report_render, junit_names_the_test_that_found_it) {
  report r = both();
  r.add({.name = "Bank.transfer",
         .binary = "bank_test",
         .ended = verdict::findings,
         .milliseconds = 1500,
         .seed = 7,
         .status = 66,
         .findings = {std::string(32, 'a')},
         .output_excerpt = {}});
  r.add({.name = "Bank.hangs",
         .binary = "bank_test",
         .ended = verdict::timeout,
         .milliseconds = 60'000,
         .seed = {},
         .status = {},
         .findings = {},
         .output_excerpt = hostile});
  r.add({.name = "Bank.idle",
         .binary = "bank_test",
         .ended = verdict::skipped,
         .milliseconds = 0,
         .seed = {},
         .status = {},
         .findings = {},
         .output_excerpt = {}});
  const std::string xml = rendered(render_junit, r);
  EXPECT_THAT(xml,
              AllOf(HasSubstr("<testsuites name=\"snag\" tests=\"4\" failures=\"2\" errors=\"1\" "
                              "skipped=\"1\" time=\"61.500\">"),
                    HasSubstr("<testcase name=\"Bank.transfer\" classname=\"bank_test\" time=\"1.500\">"),
                    HasSubstr("<failure type=\"data-race\" message=\"data race on counter"),
                    HasSubstr("<error type=\"timeout\" "
                              "message=\"timeout\">a&lt;b&gt;&amp;&quot;&#39;\xef\xbf\xbd%,:\n]]&gt;"),
                    HasSubstr("<testcase name=\"lock-cycle at bank.cpp:7\" classname=\"snag.deadlock\"")));
}

TEST(report_render, sarif_tells_a_race_as_two_threads_and_links_them) {
  const auto log = nlohmann::json::parse(rendered(render_sarif, both()));
  const auto& result = log["runs"][0]["results"][0];
  EXPECT_EQ(result["partialFingerprints"]["primaryLocationLineHash"], std::string(32, 'a'));
  EXPECT_EQ(result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"], "app.cpp");
  EXPECT_EQ(result["locations"][0]["physicalLocation"]["region"]["startLine"], 12);
  EXPECT_EQ(result["codeFlows"][0]["threadFlows"].size(), 2u);
  const auto& first = result["codeFlows"][0]["threadFlows"][0]["locations"];
  ASSERT_EQ(first.size(), 3u);  // where it was started, its caller, the access
  EXPECT_EQ(first[2]["location"]["message"]["text"], "write by goroutine 2");
  EXPECT_EQ(result["relatedLocations"][0]["id"], 1);
  EXPECT_THAT(std::string(result["message"]["text"]),
              HasSubstr("[previous read by main goroutine](1) at app.cpp:25"));
  EXPECT_EQ(log["runs"][0]["results"][1]["codeFlows"][0]["threadFlows"].size(), 2u);
}

TEST(report_render, sarif_has_no_run_larger_than_is_taken_and_loses_nothing) {
  report r;
  const report one = read(findings_document({race()}));
  for (std::size_t n = 0; n < 13; ++n) {
    kept_finding f = one.findings.begin()->second;
    f.fingerprint = fmt::format("{:032x}", n);
    r.findings.emplace(f.fingerprint, std::move(f));
  }
  report_view v = judge(r, {}, nullptr, some_day);
  EXPECT_EQ(v.results_in_run, 25'000u);
  v.results_in_run = 10;
  std::ostringstream text;
  render_sarif(text, v);
  const auto log = nlohmann::json::parse(text.str());
  ASSERT_EQ(log["runs"].size(), 2u);
  EXPECT_EQ(log["runs"][0]["results"].size(), 10u);
  EXPECT_EQ(log["runs"][1]["results"].size(), 3u);
  EXPECT_NE(log["runs"][0]["automationDetails"]["id"], log["runs"][1]["automationDetails"]["id"]);
}

TEST(report_render, html_has_source_pictures_and_no_word_of_the_program_s_as_markup) {
  report r = both();
  r.findings.begin()->second.message = hostile + "<script>alert(1)</script>";
  const std::string page = rendered(render_html, r);
  EXPECT_THAT(page, AllOf(HasSubstr("<span class=\"hit\"><i>12</i>line &lt;12&gt;</span>"),
                          HasSubstr("<svg class=\"order\""), HasSubstr("Who waits for whom"),
                          HasSubstr("default-src 'none'"), HasSubstr("&lt;script&gt;alert(1)"),
                          Not(HasSubstr("<script>alert"))));
  EXPECT_THAT(page, Not(HasSubstr("src=")));
  EXPECT_EQ(page, rendered(render_html, r));
}

TEST(report_render, the_picture_has_the_edges_that_exist_and_the_missing_one) {
  const report r = both();
  const order_picture p = draw_order(details(r.findings.begin()->second));
  EXPECT_THAT(p.edges, testing::ElementsAre("exists: goroutine 2 is started by main goroutine at app.cpp:20",
                                            testing::StartsWith("missing: main goroutine last released")));
  EXPECT_THAT(p.svg, AllOf(HasSubstr("o-missing"), HasSubstr("o-exists"), HasSubstr("nothing orders these")));
  EXPECT_EQ(draw_order(details(r.findings.at(std::string(32, 'd')))).svg, "");
}

TEST(report_render, a_summary_says_how_much_of_it_there_is_no_room_for) {
  report r;
  const report one = read(findings_document({race()}));
  for (std::size_t n = 0; n < 10'000; ++n) {
    kept_finding f = one.findings.begin()->second;
    f.fingerprint = fmt::format("{:032x}", n);
    r.findings.emplace(f.fingerprint, std::move(f));
  }
  const std::string text = rendered(render_markdown, r);
  EXPECT_LT(text.size(), 1u << 20);
  EXPECT_THAT(text, HasSubstr(" more: a summary may have 1 MiB"));
}

TEST(report_gate, says_what_failed_most) {
  const auto status = [](report r, std::vector<verdict> tests) {
    for (const verdict v : tests)
      r.add({.name = "t",
             .binary = "b",
             .ended = v,
             .milliseconds = 0,
             .seed = {},
             .status = {},
             .findings = {},
             .output_excerpt = {}});
    return gate_status(judge(r, {}, nullptr, some_day), {});
  };
  const report nothing = read(findings_document({}));
  EXPECT_EQ(status(nothing, {}), 0);
  EXPECT_EQ(status(nothing, {verdict::passed, verdict::skipped, verdict::findings}), 0);
  EXPECT_EQ(status(nothing, {verdict::passed, verdict::crashed}), 1);
  EXPECT_EQ(status(nothing, {verdict::failed, verdict::unstarted}), 75);
  EXPECT_EQ(status(both(), {verdict::failed, verdict::unstarted}), 66);
  report part = nothing;
  part.shards = shard_set{2, {{1, ""}}};
  EXPECT_EQ(status(part, {verdict::failed}), 75);
  const gate_flags unseen{.fail_on = {"unseen"}, .exit_code = {}, .baseline = {}};
  EXPECT_EQ(gate_status(judge(nothing, unseen, nullptr, some_day), unseen), 66);
}

}  // namespace
}  // namespace snag::cli
