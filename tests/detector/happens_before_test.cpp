// SPDX-License-Identifier: Apache-2.0
// One test a rule, each ordered case with its unordered twin. No threads, no sleeps: scripts.
#include <gtest/gtest.h>

#include "tests/detector/support/scripted_core.h"

namespace snag::testing {
namespace {

constexpr int x = 0;  // a variable of 4 bytes
constexpr int flag = 16;
enum order { relaxed, consume, acquire, release, acq_rel, seq_cst };

class happens_before : public ::testing::Test {
 protected:
  happens_before() {
    core.go(0, 1);
    core.go(0, 2);
    core.go(0, 3);
  }
  bool writes(int actor) { return core.write(actor, x, 4) != 0; }
  bool reads(int actor) { return core.read(actor, x, 4) != 0; }
  std::size_t step(op what, int actor, int other = 0, int object = 0, int part = 0, int size = 0) {
    testing::step s{what};
    s.actor = actor;
    s.other = other;
    s.object = object;
    s.part = part;
    s.size = size;
    return core.play(s, 9).size();
  }
  void atomic(op what, int actor, int o, int failure = relaxed) {
    testing::step s{what};
    s.actor = actor;
    s.offset = flag;
    s.size = 4;
    s.order = o;
    s.failure_order = failure;
    EXPECT_TRUE(core.play(s, 10).empty());
  }
  void fence(int actor, int o) {
    testing::step s{op::fence};
    s.actor = actor;
    s.order = o;
    core.play(s, 11);
  }
  scripted_core core;
};

TEST_F(happens_before, unordered_writes_race) {
  EXPECT_FALSE(writes(1));
  EXPECT_TRUE(writes(2));
}
TEST_F(happens_before, a_read_races_with_an_unordered_write) {
  EXPECT_FALSE(writes(1));
  EXPECT_TRUE(reads(2));
}
TEST_F(happens_before, a_write_races_with_an_unordered_read) {
  EXPECT_FALSE(reads(1));
  EXPECT_TRUE(writes(2));
}
TEST_F(happens_before, reads_do_not_race) {
  EXPECT_FALSE(reads(1));
  EXPECT_FALSE(reads(2));
}
TEST_F(happens_before, neighbouring_bytes_do_not_race) {
  EXPECT_EQ(core.write(1, 0, 1), 0u);
  EXPECT_EQ(core.write(2, 1, 1), 0u);
  EXPECT_EQ(core.write(3, 2, 2), 0u);
  EXPECT_EQ(core.write(2, 0, 2), 1u);  // byte 0 only
}

TEST_F(happens_before, creation_orders_what_the_parent_did_before) {
  EXPECT_FALSE(writes(1));
  core.go(1, 4);
  EXPECT_FALSE(writes(4));
}
TEST_F(happens_before, creation_does_not_order_what_the_parent_does_after) {
  core.go(1, 4);
  EXPECT_FALSE(writes(1));
  EXPECT_TRUE(writes(4));
}
TEST_F(happens_before, a_goroutines_end_orders_nothing) {
  EXPECT_FALSE(writes(1));
  core.end(1);
  EXPECT_TRUE(writes(2));
}
TEST_F(happens_before, joining_a_thread_orders_all_it_did) {
  core.go(1, 4, true);
  EXPECT_FALSE(writes(4));
  core.end(4);
  step(op::join, 1, 4);
  EXPECT_FALSE(writes(1));
}

TEST_F(happens_before, acquire_of_a_release_orders) {
  EXPECT_FALSE(writes(1));
  core.release(1, 0);
  core.acquire(2, 0);
  EXPECT_FALSE(writes(2));
}
TEST_F(happens_before, acquire_does_not_order_what_follows_the_release) {
  core.release(1, 0);
  EXPECT_FALSE(writes(1));
  core.acquire(2, 0);
  EXPECT_TRUE(writes(2));
}
TEST_F(happens_before, a_release_replaces_and_a_merge_adds) {
  EXPECT_FALSE(writes(1));
  core.merge(1, 0);
  core.merge(2, 0);
  core.acquire(3, 0);
  EXPECT_FALSE(writes(3));
}
TEST_F(happens_before, a_release_forgets_an_earlier_merge) {
  EXPECT_FALSE(writes(1));
  core.merge(1, 0);
  core.release(2, 0);
  core.acquire(3, 0);
  EXPECT_TRUE(writes(3));
}
TEST_F(happens_before, parts_of_an_object_are_independent) {
  EXPECT_FALSE(writes(1));
  step(op::release, 1, 0, 0, 1);
  step(op::acquire, 2, 0, 0, 2);
  EXPECT_TRUE(writes(2));
}

TEST_F(happens_before, a_buffered_send_orders_for_the_receiver_of_its_slot) {
  EXPECT_FALSE(writes(1));
  step(op::buffered_send, 1, 0, 0, 0);
  step(op::buffered_receive, 2, 0, 0, 0);
  EXPECT_FALSE(writes(2));
}
TEST_F(happens_before, a_buffered_send_orders_nothing_for_another_slots_receiver) {
  EXPECT_FALSE(writes(1));
  step(op::buffered_send, 1, 0, 0, 0);
  step(op::buffered_receive, 2, 0, 0, 1);
  EXPECT_TRUE(writes(2));
}
TEST_F(happens_before, a_receive_orders_for_the_send_that_reuses_its_slot) {
  step(op::buffered_send, 1, 0, 0, 0);
  EXPECT_FALSE(writes(2));
  step(op::buffered_receive, 2, 0, 0, 0);
  step(op::buffered_send, 3, 0, 0, 0);
  EXPECT_FALSE(writes(3));
}
TEST_F(happens_before, a_slot_does_not_pass_on_what_its_sender_learned_from_it) {
  step(op::buffered_send, 1, 0, 0, 0);
  EXPECT_FALSE(writes(2));
  step(op::buffered_receive, 2, 0, 0, 0);
  step(op::buffered_send, 3, 0, 0, 0);
  step(op::buffered_receive, 1, 0, 0, 0);
  EXPECT_TRUE(writes(1));
}
TEST_F(happens_before, a_rendezvous_orders_both_ways) {
  EXPECT_FALSE(writes(1));
  step(op::rendezvous, 1, 2);
  EXPECT_FALSE(writes(2));
  step(op::rendezvous, 1, 2);
  EXPECT_FALSE(writes(1));
}
TEST_F(happens_before, a_rendezvous_does_not_order_what_follows_it) {
  step(op::rendezvous, 1, 2);
  EXPECT_FALSE(writes(1));
  EXPECT_TRUE(writes(2));
}
TEST_F(happens_before, close_orders_for_who_sees_it) {
  EXPECT_FALSE(writes(1));
  step(op::close, 1);
  step(op::receive_closed, 2);
  EXPECT_FALSE(writes(2));
}
TEST_F(happens_before, send_and_close_that_are_not_ordered_race) {
  EXPECT_EQ(step(op::buffered_send, 1), 0u);
  EXPECT_EQ(step(op::close, 2), 1u);
}
TEST_F(happens_before, send_before_close_does_not_race) {
  EXPECT_EQ(step(op::buffered_send, 1), 0u);
  core.release(1, 0);
  core.acquire(2, 0);
  EXPECT_EQ(step(op::close, 2), 0u);
}
TEST_F(happens_before, a_parked_sender_races_with_close_too) {
  EXPECT_EQ(step(op::rendezvous, 1, 2, 0, 0, 1), 0u);  // 1 receives, 2 was parked sending
  EXPECT_EQ(step(op::close, 3), 1u);
}

TEST_F(happens_before, a_timer_passes_on_what_its_armer_knew) {
  EXPECT_FALSE(writes(1));
  step(op::arm, 1, 0, 0);
  step(op::fire, 3, 0, 0, 5);
  core.acquire(2, 5);
  EXPECT_FALSE(writes(2));
}
TEST_F(happens_before, a_timer_does_not_pass_on_what_follows_its_arming) {
  step(op::arm, 1, 0, 0);
  EXPECT_FALSE(writes(1));
  step(op::fire, 3, 0, 0, 5);
  core.acquire(2, 5);
  EXPECT_TRUE(writes(2));
}

// --- C++20 atomics.

TEST_F(happens_before, acquire_load_of_a_release_store_orders) {
  EXPECT_FALSE(writes(1));
  atomic(op::atomic_store, 1, release);
  atomic(op::atomic_load, 2, acquire);
  EXPECT_FALSE(writes(2));
}
TEST_F(happens_before, relaxed_load_does_not_order) {
  EXPECT_FALSE(writes(1));
  atomic(op::atomic_store, 1, release);
  atomic(op::atomic_load, 2, relaxed);
  EXPECT_TRUE(writes(2));
}
TEST_F(happens_before, relaxed_store_does_not_order) {
  EXPECT_FALSE(writes(1));
  atomic(op::atomic_store, 1, relaxed);
  atomic(op::atomic_load, 2, acquire);
  EXPECT_TRUE(writes(2));
}
TEST_F(happens_before, a_read_modify_write_continues_the_release_sequence) {
  EXPECT_FALSE(writes(1));
  atomic(op::atomic_store, 1, release);
  atomic(op::atomic_add, 3, relaxed);
  atomic(op::atomic_load, 2, acquire);
  EXPECT_FALSE(writes(2));
}
TEST_F(happens_before, another_threads_relaxed_store_ends_the_release_sequence) {
  EXPECT_FALSE(writes(1));
  atomic(op::atomic_store, 1, release);
  atomic(op::atomic_store, 3, relaxed);
  atomic(op::atomic_load, 2, acquire);
  EXPECT_TRUE(writes(2));
}
TEST_F(happens_before, the_same_threads_relaxed_store_ends_it_too) {
  EXPECT_FALSE(writes(1));
  atomic(op::atomic_store, 1, release);
  atomic(op::atomic_store, 1, relaxed);
  atomic(op::atomic_load, 2, acquire);
  EXPECT_TRUE(writes(2));
}
TEST_F(happens_before, a_failed_exchange_orders_by_its_own_order) {
  EXPECT_FALSE(writes(1));
  atomic(op::atomic_store, 1, release);
  atomic(op::atomic_exchange_failed, 2, relaxed, acquire);
  EXPECT_FALSE(writes(2));
}
TEST_F(happens_before, a_failed_exchange_does_not_order_by_the_order_of_success) {
  EXPECT_FALSE(writes(1));
  atomic(op::atomic_store, 1, release);
  atomic(op::atomic_exchange_failed, 2, seq_cst, relaxed);
  EXPECT_TRUE(writes(2));
}
TEST_F(happens_before, fences_order_through_relaxed_accesses) {
  EXPECT_FALSE(writes(1));
  fence(1, release);
  atomic(op::atomic_store, 1, relaxed);
  atomic(op::atomic_load, 2, relaxed);
  fence(2, acquire);
  EXPECT_FALSE(writes(2));
}
TEST_F(happens_before, a_release_fence_does_not_cover_what_follows_it) {
  fence(1, release);
  EXPECT_FALSE(writes(1));
  atomic(op::atomic_store, 1, relaxed);
  atomic(op::atomic_load, 2, relaxed);
  fence(2, acquire);
  EXPECT_TRUE(writes(2));
}
TEST_F(happens_before, an_acquire_fence_does_not_order_later_loads) {
  EXPECT_FALSE(writes(1));
  atomic(op::atomic_store, 1, release);
  fence(2, acquire);
  atomic(op::atomic_load, 2, relaxed);
  EXPECT_TRUE(writes(2));
}
TEST_F(happens_before, a_seq_cst_fence_orders_no_more_than_acq_rel) {
  EXPECT_FALSE(writes(1));
  fence(1, seq_cst);
  fence(2, seq_cst);
  EXPECT_TRUE(writes(2));
}
TEST_F(happens_before, atomics_do_not_race_with_atomics_but_with_plain_accesses) {
  atomic(op::atomic_store, 1, relaxed);
  atomic(op::atomic_store, 2, relaxed);
  EXPECT_EQ(core.read(3, flag, 4), 8u);  // four bytes, two writers
}

}  // namespace
}  // namespace snag::testing
