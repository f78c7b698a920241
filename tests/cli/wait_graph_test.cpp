// SPDX-License-Identifier: Apache-2.0
// The graph of a deadlock: read from a report, placed, drawn.
#include "cli/wait_graph.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "cli/failure.h"
#include "cli/wait_graph_layout.h"

namespace snag::cli {
namespace {

using testing::HasSubstr;
using testing::Not;

// Two who hold what the other wants, and main, which waits for both to be done.
const std::string crossed_locks = R"({"schema": "snag-findings/5", "findings": [
  {"kind": "race", "waits": []},
  {"kind": "deadlock", "shape": "lock cycle", "certainty": "proved", "fingerprint": "f00d", "remedy": "a < b",
   "actors": [{"id": 1, "kind": "goroutine", "name": ""}, {"id": 2, "kind": "goroutine", "name": "left"},
              {"id": 3, "kind": "thread", "name": ""}],
   "waits": [
    {"actor": 2, "alike": 0, "behind": false, "state": "lock",
     "stack": [{"file": "/usr/include/mutex", "line": 3, "runtime": false, "library": true},
               {"file": "/src/bank.cpp", "line": 7, "runtime": false, "library": false}],
     "for": [{"operation": "lock", "kind": "mutex", "name": "table<int>::m", "address": "0x20", "reason": "held",
              "held_by": [{"actor": 3, "mode": "exclusive",
                           "taken_at": [{"file": "bank.cpp", "line": 9, "runtime": false, "library": false}]}]}]},
    {"actor": 3, "alike": 4, "behind": false, "state": "lock", "stack": [],
     "for": [{"operation": "lock", "kind": "mutex", "name": "", "address": "0x10", "reason": "held",
              "held_by": [{"actor": 2, "mode": "exclusive", "taken_at": []}]}]},
    {"actor": 1, "alike": 0, "behind": true, "state": "wait", "stack": [],
     "for": [{"operation": "wait", "kind": "wait group", "name": "wg", "address": "0x30",
              "reason": "nobody who can still run has it to count down", "held_by": []}]}]}]})";

TEST(wait_graph, has_everybody_who_waits_and_what_for) {
  const auto graphs = read_wait_graphs(crossed_locks, "report.json");
  ASSERT_EQ(graphs.size(), 1u);
  const wait_graph& g = graphs[0];
  EXPECT_EQ(g.title, "deadlock (lock cycle)");
  EXPECT_EQ(g.fingerprint, "f00d");
  ASSERT_EQ(g.nodes.size(), 6u);
  EXPECT_EQ(g.nodes[0].lines, (std::vector<std::string>{"goroutine 2 \"left\"", "lock, bank.cpp:7"}));
  EXPECT_EQ(g.nodes[1].lines[0], "thread 3 and 4 others");
  EXPECT_EQ(g.nodes[2].lines[0], "main goroutine");
  EXPECT_TRUE(g.nodes[2].behind);
  EXPECT_EQ(g.nodes[3].lines[0], "mutex table<int>::m");
  EXPECT_EQ(g.nodes[4].lines[0], "mutex 0x10");
  EXPECT_EQ(g.nodes[5].note, "nobody who can still run has it to count down");
  ASSERT_EQ(g.edges.size(), 5u);
  EXPECT_EQ(g.edges[1].label, "held since bank.cpp:9");
  EXPECT_EQ(g.edges[3].label, "held by");
}

TEST(wait_graph, other_documents_are_refused_by_name) {
  const auto complaint = [](const std::string& document) -> std::string {
    try {
      read_wait_graphs(document, "report.json");
    } catch (const failure& f) {
      return f.what();
    }
    return "";
  };
  EXPECT_THAT(complaint(crossed_locks.substr(0, 300)), HasSubstr("report.json cannot be read"));
  EXPECT_THAT(complaint("[]"), HasSubstr("no list of Snag's findings"));
  EXPECT_THAT(complaint(R"({"schema": "snag-findings/999", "findings": []})"),
              HasSubstr("snag-findings/999"));
  EXPECT_THAT(complaint(R"({"schema": "snag-findings/5", "findings": [{"waits": [{}]}]})"),
              HasSubstr("missing"));
  EXPECT_THAT(complaint(R"({"schema": "snag-findings/5"})"), HasSubstr("findings"));
}

TEST(wait_graph, both_drawings_quote_what_the_source_calls_things) {
  const auto graphs = read_wait_graphs(crossed_locks, "report.json");
  const std::string svg = draw_svg(graphs), dot = draw_dot(graphs);
  EXPECT_THAT(svg, HasSubstr("mutex table&lt;int&gt;::m"));
  EXPECT_THAT(svg, HasSubstr("They would go on if a &lt; b."));
  EXPECT_THAT(svg, HasSubstr("prefers-color-scheme: dark"));
  EXPECT_THAT(svg, Not(HasSubstr("http://www.w3.org/1999")));
  EXPECT_THAT(dot, HasSubstr("goroutine 2 \\\"left\\\""));
}

bool apart(const box& a, const box& b) {
  return std::abs(a.x - b.x) >= (a.width + b.width) / 2 || std::abs(a.y - b.y) >= (a.height + b.height) / 2;
}

TEST(wait_graph, no_two_nodes_lie_on_each_other) {
  std::mt19937_64 random(7);
  for (int round = 0; round < 500; ++round) {
    wait_graph g;
    std::vector<box> sizes;
    const std::size_t count = 1 + random() % 40;
    for (std::size_t n = 0; n < count; ++n) {
      g.nodes.push_back({n % 2 == 0, false, {}, {}});
      sizes.push_back(
          {0, 0, 60.0 + static_cast<double>(random() % 300), 30.0 + static_cast<double>(random() % 60)});
    }
    for (std::size_t e = random() % (2 * count); e > 0; --e)
      g.edges.push_back({random() % count, random() % count, "", true});
    const layout l = place_nodes(g, sizes);
    ASSERT_EQ(l.nodes.size(), count);
    for (std::size_t i = 0; i < count; ++i) {
      const box& b = l.nodes[i];
      ASSERT_TRUE(b.x - b.width / 2 > -0.01 && b.x + b.width / 2 < l.width + 0.01) << "round " << round;
      ASSERT_TRUE(b.y - b.height / 2 > -0.01 && b.y + b.height / 2 < l.height + 0.01) << "round " << round;
      for (std::size_t j = 0; j < i; ++j) ASSERT_TRUE(apart(b, l.nodes[j])) << "round " << round;
    }
  }
}

}  // namespace
}  // namespace snag::cli
