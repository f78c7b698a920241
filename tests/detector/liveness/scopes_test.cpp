// SPDX-License-Identifier: Apache-2.0
#include "detector/src/liveness/scopes.h"

#include "detector/src/actor_state.h"

#include <gtest/gtest.h>

namespace snag::detector {
namespace {

using events::actor_kind;
using events::goroutine_id;

// A goroutine, or a timer, of these tests.
struct goroutine : actor_state {
  explicit goroutine(std::uint64_t id, const goroutine* parent = nullptr,
                     actor_kind kind = actor_kind::goroutine)
      : actor_state(goroutine_id{id}, kind, nullptr) {
    of = &as_known;
    if (parent != nullptr) join_scope(*this, *parent);
  }
  events::actor as_known;
};

// Opened by one, as core_observer does.
struct opened {
  explicit opened(goroutine& g) : by(g), record(internal_new<scope_record>()) {
    record->outer = std::exchange(g.childrens_scope, keep(record));
  }
  void close() {
    record->open = false;
    if (by.childrens_scope == record) let_go(std::exchange(by.childrens_scope, keep(record->outer)));
  }
  ~opened() {
    close();
    let_go(record);
  }
  goroutine& by;
  scope_record* record;
};

TEST(scopes, hold_what_is_started_while_they_are_open_and_what_that_starts) {
  goroutine main(1), before(2, &main);
  opened s(main);
  goroutine child(3, &main), grandchild(4, &child), of_another(5, &before);
  s.close();
  goroutine after(6, &main), of_child_after(7, &child);
  EXPECT_TRUE(s.record->holds(child));
  EXPECT_TRUE(s.record->holds(grandchild));
  for (const goroutine* g : {&main, &before, &of_another, &after, &of_child_after})
    EXPECT_FALSE(s.record->holds(*g));
}

TEST(scopes, an_inner_ones_own_belong_to_the_outer_one_too) {
  goroutine main(1);
  opened outer(main);
  opened inner(main);
  goroutine child(2, &main);
  EXPECT_TRUE(inner.record->holds(child));
  EXPECT_TRUE(outer.record->holds(child));
  EXPECT_EQ(open_scope_of(child), inner.record);
  inner.close();
  EXPECT_EQ(open_scope_of(child), outer.record);
  goroutine sibling(3, &main);
  EXPECT_FALSE(inner.record->holds(sibling));
  EXPECT_TRUE(outer.record->holds(sibling));
}

TEST(scopes, may_end_in_any_order) {
  goroutine main(1);
  opened outer(main);
  opened inner(main);
  outer.close();
  goroutine child(2, &main);
  EXPECT_TRUE(inner.record->holds(child));
  inner.close();
  goroutine late(3, &main);
  EXPECT_EQ(open_scope_of(late), nullptr);
}

TEST(scopes, of_two_goroutines_hold_their_own) {
  goroutine a(1), b(2);
  opened of_a(a), of_b(b);
  goroutine child_of_a(3, &a), child_of_b(4, &b);
  EXPECT_TRUE(of_a.record->holds(child_of_a));
  EXPECT_FALSE(of_a.record->holds(child_of_b));
  EXPECT_TRUE(of_b.record->holds(child_of_b));
}

TEST(scopes, what_a_timer_starts_belongs_to_whoever_armed_it_last) {
  goroutine main(1), timer(2, nullptr, actor_kind::timer);
  opened first(main);
  start_others_in_scope_of(main, timer);
  goroutine one(3, &timer);
  first.close();
  opened second(main);
  start_others_in_scope_of(main, timer);
  goroutine two(4, &timer);
  EXPECT_TRUE(first.record->holds(one));
  EXPECT_TRUE(second.record->holds(two));
  EXPECT_FALSE(second.record->holds(one));
}

TEST(scopes, count_those_that_are_to_be_told_of) {
  goroutine main(1);
  opened s(main);
  goroutine ignored(2, &main), told(3, &main), left(4, &main);
  s.record->passed_over.emplace(2, true);
  told.left_over = true;
  EXPECT_FALSE(s.record->counts(ignored));
  EXPECT_FALSE(s.record->counts(told));
  EXPECT_TRUE(s.record->counts(left));
  EXPECT_FALSE(s.record->counts(main));
}

TEST(scopes, last_as_long_as_somebody_belongs_to_them) {
  goroutine main(1);
  scope_record* record;
  auto* child = internal_new<goroutine>(2u);
  {
    opened s(main);
    record = keep(s.record);
    join_scope(*child, main);
  }
  EXPECT_EQ(record->users.load(), 3u);  // ours, and the child's two
  internal_delete(child);
  EXPECT_EQ(record->users.load(), 1u);
  let_go(record);
}

}  // namespace
}  // namespace snag::detector
