// SPDX-License-Identifier: Apache-2.0
#include "detector/src/render_json.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <string>

#include "detector/fingerprint.h"
#include "detector/src/resolve.h"
#include "tests/detector/report/json_schema.h"
#include "tests/detector/report/races.h"

namespace snag::detector {
namespace {

using nlohmann::json;

struct listed_findings {
  std::vector<std::unique_ptr<kept_finding>> all;
  std::vector<string> pieces;
  explicit listed_findings(const std::vector<finding>& findings) {
    for (const finding& f : findings) pieces.push_back(render_piece(f));
    for (const string& p : pieces) {
      all.push_back(std::make_unique<kept_finding>());
      all.back()->piece = p.data();
      if (all.size() > 1) all[all.size() - 2]->next = all.back().get();
    }
  }
  const kept_finding* first() const { return all.empty() ? nullptr : all.front().get(); }
};

std::string document(const listed_findings& list, std::uint64_t not_listed = 0, const run_end& end = {}) {
  std::string out;
  EXPECT_TRUE(write_document(list.first(), {not_listed, 0}, end,
                             {[](void* self, const char* bytes, std::size_t n) {
                                static_cast<std::string*>(self)->append(bytes, n);
                                return true;
                              },
                              &out}));
  return out;
}

std::vector<std::string> schema_errors(const std::string& text) {
  return test::schema_checker(json::parse(std::ifstream(SNAG_FINDINGS_SCHEMA))).check(json::parse(text));
}

TEST(render_json, documents_follow_the_schema) {
  EXPECT_THAT(schema_errors(document(listed_findings({}))), testing::IsEmpty());
  finding heap = fake::counter_finding();
  heap.memory.kind = "heap";
  heap.memory.allocated_at = heap.actors[0].created_at;
  const listed_findings two({fake::counter_finding(), heap, fake::lock_cycle_finding(),
                             fake::still_running_finding(), fake::thread_not_joined_finding()});
  EXPECT_THAT(schema_errors(document(two, 3, {"crashed", "SIGSEGV", 66})), testing::IsEmpty());
  EXPECT_THAT(schema_errors(document(two, 0, {"exit", nullptr, 0})), testing::IsEmpty());
}

TEST(render_json, a_misuse_follows_the_schema) {
  for (const misuse_kind kind :
       {misuse_kind::unlocked_in_other_mode, misuse_kind::waited_without_lock,
        misuse_kind::destroyed_waited_for, misuse_kind::sent_on_closed, misuse_kind::closed_twice,
        misuse_kind::counted_below_zero, misuse_kind::done_beside_add, misuse_kind::add_after_done}) {
    const raw_race race = fake::make_counter_race().race;
    raw_misuse m{kind, events::object_kind::wait_group, race.address, race.current, race.previous};
    finding f = resolve(m, "");
    f.fingerprint = fingerprint(f);
    EXPECT_THAT(schema_errors(document(listed_findings({f}))), testing::IsEmpty()) << f.rule;
  }
}

TEST(render_json, the_schema_check_can_fail) {
  json broken = json::parse(document(listed_findings({fake::counter_finding()})));
  broken["findings"][0]["accesses"][0].erase("stack");
  broken["findings"][0]["colour"] = "red";
  broken["schema"] = "snag-findings/0";
  EXPECT_THAT(schema_errors(broken.dump()), testing::SizeIs(3));
}

TEST(render_json, says_all_that_the_finding_says) {
  listed_findings one({fake::counter_finding()});
  one.all[0]->count = 12;
  const json d = json::parse(document(one, 1, {"exit", nullptr, 66}));
  EXPECT_EQ(d["schema"], "snag-findings/7");
  EXPECT_EQ(
      d["run"],
      json({{"end", "exit"}, {"signal", nullptr}, {"status", 66}, {"seed", nullptr}, {"audit", nullptr}}));
  EXPECT_EQ(d["totals"], json({{"distinct", 2}, {"occurrences", 13}, {"not_listed", 1}, {"suppressed", 0}}));
  const json& f = d["findings"][0];
  EXPECT_EQ(f["count"], 12);
  EXPECT_EQ(f["kind"], "race");
  EXPECT_EQ(f["rule"], "data-race");
  EXPECT_EQ(f["fingerprint"], "0123456789abcdef0123456789abcdef");
  EXPECT_EQ(f["accesses"][0]["operation"], "write");
  EXPECT_EQ(f["accesses"][0]["address"], "0x55555555a040");
  EXPECT_EQ(f["accesses"][0]["variable"], "counter");
  EXPECT_EQ(f["accesses"][0]["stack"][1]["line"], 20);
  EXPECT_EQ(f["accesses"][1]["actor"], 1);
  EXPECT_EQ(f["memory"]["name"], "counter");
  EXPECT_EQ(f["actors"][0]["name"], "feeder");
  EXPECT_EQ(f["actors"][0]["created_at"][0]["function"], "main");
}

TEST(render_json, a_leak_names_the_scopes_it_belongs_to) {
  const json d = json::parse(document(listed_findings({fake::still_running_finding()})));
  const json& f = d["findings"][0];
  EXPECT_EQ(f["scopes"], json::parse(R"([{"name":"orders","file":"bank_test.cpp","line":12,"count":1}])"));
  EXPECT_EQ(f["waits"][1]["state"], "running");
}

TEST(render_json, text_of_any_kind_is_escaped_and_bad_utf8_replaced) {
  finding f = fake::counter_finding();
  f.message = "quote \" backslash \\ newline \n tab \t bad \xff end";
  const json d = json::parse(document(listed_findings({f})));
  EXPECT_EQ(d["findings"][0]["message"], "quote \" backslash \\ newline \n tab \t bad \xEF\xBF\xBD end");
}

TEST(render_json, equal_findings_give_equal_documents) {
  EXPECT_EQ(document(listed_findings({fake::counter_finding()})),
            document(listed_findings({fake::counter_finding()})));
}

TEST(render_json, a_sink_that_fails_is_noticed) {
  const listed_findings one({fake::counter_finding()});
  EXPECT_FALSE(
      write_document(one.first(), {}, {}, {[](void*, const char*, std::size_t) { return false; }, nullptr}));
}

}  // namespace
}  // namespace snag::detector
