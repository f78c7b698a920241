// SPDX-License-Identifier: Apache-2.0
// One test a rule, each cycle beside its harmless twin. Clocks are made by hand: actor n has slot n.
#include "detector/src/lock_order/lock_graph.h"

#include <gtest/gtest.h>

#include <initializer_list>
#include <memory>
#include <string>
#include <vector>

namespace snag::detector {
namespace {

using events::lock_mode;
using events::object_kind;

constexpr auto shared = lock_mode::shared;

struct taking {
  std::uint64_t address;
  lock_mode mode = lock_mode::exclusive;
};

class lock_graph_test : public ::testing::Test {
 protected:
  // Actor `who` takes the last of the locks at its time `when`, holding the others.
  lock_dependency step(unsigned who, clock_time when, std::initializer_list<taking> locks) {
    lock_dependency d;
    d.who = static_cast<events::goroutine_id>(who);
    d.at = {slot_id{who}, when};
    d.order_changes = when;
    d.with_it = lock_set_id::none;
    std::uint32_t line = who * 100;
    for (const taking& t : locks)
      d.with_it = held_locks.with(d.with_it, {t.address, {site_id{++line}, context_id::root}, kind, t.mode});
    d.writers_first = kind == object_kind::shared_mutex;
    return d;
  }
  // The members of the cycle that it closes, "" if it closes none.
  std::string add(const lock_dependency& d) {
    std::string found;
    EXPECT_TRUE(graph.add(d, [&](lock_cycle c) { found = text(c); }));
    return found;
  }
  std::string finish() {
    std::string found;
    graph.finish([&](lock_cycle c) { found = text(c); });
    return found;
  }
  static std::string text(lock_cycle c) {
    std::string out;
    for (const cycle_step& s : c) {
      out += std::to_string(static_cast<std::uint64_t>(s.member->who));
      if (s.writer != nullptr) out += "w" + std::to_string(static_cast<std::uint64_t>(s.writer->who));
    }
    return out;
  }
  static vector_clock knowing(const lock_dependency& d) { return vector_clock({}, d.at); }

  object_kind kind = object_kind::mutex;
  lock_graph graph;
};

TEST_F(lock_graph_test, two_who_take_two_locks_in_either_order_make_a_cycle) {
  EXPECT_EQ(add(step(1, 1, {{1}, {2}})), "");
  EXPECT_EQ(add(step(2, 1, {{2}, {1}})), "21");
}
TEST_F(lock_graph_test, one_who_takes_them_in_either_order_makes_none) {
  EXPECT_EQ(add(step(1, 1, {{1}, {2}})), "");
  EXPECT_EQ(add(step(1, 3, {{2}, {1}})), "");
}
TEST_F(lock_graph_test, three_in_a_circle_make_a_cycle) {
  EXPECT_EQ(add(step(1, 1, {{1}, {2}})), "");
  EXPECT_EQ(add(step(2, 1, {{2}, {3}})), "");
  EXPECT_EQ(add(step(3, 1, {{3}, {1}})), "312");
}
TEST_F(lock_graph_test, three_steps_of_two_actors_make_none) {
  EXPECT_EQ(add(step(1, 1, {{1}, {2}})), "");
  EXPECT_EQ(add(step(1, 3, {{2}, {3}})), "");
  EXPECT_EQ(add(step(3, 1, {{3}, {1}})), "");
}
TEST_F(lock_graph_test, five_make_a_cycle_and_six_are_too_many) {
  for (unsigned n = 1; n < 5; ++n) EXPECT_EQ(add(step(n, 1, {{n}, {n + 1}})), "");
  EXPECT_EQ(add(step(5, 1, {{5}, {1}})), "51234");
  for (unsigned n = 11; n < 16; ++n) EXPECT_EQ(add(step(n, 1, {{n}, {n + 1}})), "");
  EXPECT_EQ(add(step(16, 1, {{16}, {11}})), "");
}
TEST_F(lock_graph_test, a_common_lock_keeps_them_apart) {
  EXPECT_EQ(add(step(1, 1, {{9}, {1}, {2}})), "");
  EXPECT_EQ(add(step(2, 1, {{9}, {2}, {1}})), "");
  EXPECT_EQ(add(step(3, 1, {{8}, {2}, {1}})), "31");  // another one does not
}
TEST_F(lock_graph_test, a_common_lock_that_both_read_does_not) {
  kind = object_kind::shared_mutex;
  EXPECT_EQ(add(step(1, 1, {{9, shared}, {1}, {2}})), "");
  EXPECT_EQ(add(step(2, 1, {{9, shared}, {2}, {1}})), "21");
}
TEST_F(lock_graph_test, an_order_by_anything_but_locks_makes_it_harmless) {
  const lock_dependency first = step(1, 3, {{1}, {2}});
  EXPECT_EQ(add(first), "");
  lock_dependency second = step(2, 1, {{2}, {1}});
  second.known = knowing(first);
  EXPECT_EQ(add(second), "");
  second = step(3, 1, {{2}, {1}});
  second.known = vector_clock({}, {slot_id{1}, 2});  // it knows what was before
  EXPECT_EQ(add(second), "31");
}
TEST_F(lock_graph_test, so_does_a_write_that_was_met) {
  EXPECT_EQ(add(step(1, 3, {{1}, {2}})), "");
  lock_dependency second = step(2, 1, {{2}, {1}});
  second.flows.raise(slot_id{1}, 4);
  EXPECT_EQ(add(second), "");
  second = step(3, 1, {{2}, {1}});
  second.flows.raise(slot_id{1}, 2);
  EXPECT_EQ(add(second), "31");
}
TEST_F(lock_graph_test, each_time_an_actor_does_it_counts_by_itself) {
  const lock_dependency early = step(1, 1, {{1}, {2}});
  EXPECT_EQ(add(early), "");
  lock_dependency second = step(2, 1, {{2}, {1}});
  second.known = knowing(early);
  EXPECT_EQ(add(second), "");
  EXPECT_EQ(add(step(1, 5, {{1}, {2}})), "12");
}
TEST_F(lock_graph_test, readers_do_not_wait_for_readers) {
  kind = object_kind::shared_mutex;
  EXPECT_EQ(add(step(1, 1, {{1, shared}, {2, shared}})), "");
  EXPECT_EQ(add(step(2, 1, {{2, shared}, {1, shared}})), "");
  // Nor does one writer make it.
  EXPECT_EQ(add(step(3, 1, {{1}})), "");
  // The two of them do.
  EXPECT_NE(add(step(4, 1, {{2}})), "");
}
TEST_F(lock_graph_test, readers_wait_for_those_who_write) {
  kind = object_kind::shared_mutex;
  EXPECT_EQ(add(step(1, 1, {{1, shared}, {2, shared}})), "");
  EXPECT_EQ(add(step(2, 1, {{2}, {1}})), "21");
}
TEST_F(lock_graph_test, who_reads_twice_waits_for_a_writer_between) {
  kind = object_kind::shared_mutex;
  EXPECT_EQ(add(step(1, 1, {{1, shared}, {1, shared}})), "");
  EXPECT_EQ(add(step(2, 1, {{1}})), "1w2");
}
TEST_F(lock_graph_test, also_if_the_writer_came_first) {
  kind = object_kind::shared_mutex;
  EXPECT_EQ(add(step(2, 1, {{1}})), "");
  EXPECT_EQ(add(step(1, 1, {{1, shared}, {1, shared}})), "1w2");
}
TEST_F(lock_graph_test, not_for_a_writer_that_comes_before) {
  kind = object_kind::shared_mutex;
  const lock_dependency writer = step(2, 1, {{1}});
  EXPECT_EQ(add(writer), "");
  lock_dependency twice = step(1, 1, {{1, shared}, {1, shared}});
  twice.known = knowing(writer);
  EXPECT_EQ(add(twice), "");
}
TEST_F(lock_graph_test, nor_where_readers_pass_writers) {
  kind = object_kind::pthread_rwlock;
  EXPECT_EQ(add(step(1, 1, {{1, shared}, {1, shared}})), "");
  EXPECT_EQ(add(step(2, 1, {{1}})), "");
}
TEST_F(lock_graph_test, a_lock_that_is_no_more_takes_its_orders_along) {
  EXPECT_EQ(add(step(1, 1, {{1}, {2}})), "");
  EXPECT_TRUE(graph.forget(1));
  EXPECT_FALSE(graph.forget(1));
  EXPECT_EQ(graph.groups(), 0u);
  EXPECT_EQ(add(step(2, 1, {{2}, {1}})), "");
}

class gates : public lock_graph_test {
 protected:
  // Held by `owner` since before, around what actor n does.
  gate_hold& gate(unsigned owner, std::uint64_t address) {
    holds.push_back(internal_new<gate_hold>());
    holds.back()->owner = static_cast<events::goroutine_id>(owner);
    holds.back()->address = address;
    return *holds.back();
  }
  static void release(gate_hold& g, clock_time when, const lock_dependency& seen) {
    g.known_at_release = knowing(seen);
    g.at_release = {slot_id{static_cast<std::uint32_t>(g.owner)}, when};
    g.released = true;
  }
  static void open(gate_hold& g) { g.released = false; }
  ~gates() override {
    for (gate_hold* g : holds) internal_delete(g);
  }
  std::vector<gate_hold*> holds;
};

TEST_F(gates, of_parents_who_wait_keep_their_children_apart) {
  lock_dependency one = step(1, 1, {{1}, {2}}), two = step(2, 1, {{2}, {1}});
  one.gates = &gate(11, 9);
  two.gates = &gate(12, 9);
  EXPECT_EQ(add(one), "");
  release(*one.gates, 5, one);
  EXPECT_EQ(add(two), "");
  release(*two.gates, 5, two);
  EXPECT_EQ(finish(), "");
}
TEST_F(gates, of_a_parent_that_did_not_wait_keep_nobody_apart) {
  lock_dependency one = step(1, 3, {{1}, {2}}), two = step(2, 1, {{2}, {1}});
  one.gates = &gate(11, 9);
  two.gates = &gate(12, 9);
  release(*one.gates, 5, step(1, 2, {{1}, {2}}));
  EXPECT_EQ(add(one), "");
  EXPECT_EQ(add(two), "21");
}
TEST_F(gates, that_are_open_decide_at_the_end) {
  lock_dependency one = step(1, 3, {{1}, {2}}), two = step(2, 1, {{2}, {1}});
  one.gates = &gate(11, 9);
  two.gates = &gate(12, 9);
  EXPECT_EQ(add(one), "");
  EXPECT_EQ(add(two), "");
  release(*one.gates, 5, step(1, 2, {{1}, {2}}));
  release(*two.gates, 5, two);
  EXPECT_EQ(finish(), "21");
}
TEST_F(gates, do_not_keep_siblings_apart) {
  gate_hold& g = gate(11, 9);
  lock_dependency one = step(1, 1, {{1}, {2}}), two = step(2, 1, {{2}, {1}});
  one.gates = two.gates = &g;
  EXPECT_EQ(add(one), "");
  EXPECT_EQ(add(two), "21");
}
TEST_F(gates, keep_a_child_from_who_holds_the_lock_itself) {
  lock_dependency one = step(1, 1, {{1}, {2}});
  one.gates = &gate(11, 9);
  EXPECT_EQ(add(one), "");
  EXPECT_EQ(add(step(2, 1, {{9}, {2}, {1}})), "");
}
TEST_F(gates, do_not_keep_a_child_from_its_parent_in_the_same_hold) {
  lock_dependency one = step(1, 1, {{1}, {2}});
  one.gates = &gate(11, 9);
  EXPECT_EQ(add(one), "");
  EXPECT_EQ(add(step(11, 1, {{9}, {2}, {1}})), "111");
}

TEST(lock_graph, many_locks_taken_in_one_order_cost_little_and_make_no_cycle) {
  const auto graph = std::make_unique<lock_graph>();
  for (std::uint32_t actor = 1; actor <= 3; ++actor)
    for (std::uint64_t n = 1; n <= 100'000; ++n) {
      lock_dependency d;
      d.who = static_cast<events::goroutine_id>(actor);
      d.at = {slot_id{actor}, 1};
      const auto lock = [](std::uint64_t address) { return held_lock{address, {}, object_kind::mutex, {}}; };
      d.with_it = held_locks.with(held_locks.with(lock_set_id::none, lock(1000 + n)), lock(1001 + n));
      const bool room = graph->add(d, [](lock_cycle) { ADD_FAILURE(); });
      EXPECT_EQ(room, n <= lock_graph::capacity);
    }
}

}  // namespace
}  // namespace snag::detector
