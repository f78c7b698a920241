// SPDX-License-Identifier: Apache-2.0
// Threads that act under several names one after the other, and fibers: each comes after the one before it,
// or after whoever made it. Accesses go through the hooks, on threads of their own.
#include <gtest/gtest.h>

#include <thread>

#include "detector/hooks.h"
#include "detector/src/annotations.h"
#include "detector/src/race.h"
#include "detector/src/shadow_access.h"
#include "runtime/events.h"
#include "tests/detector/support/scripted_core.h"

namespace snag::testing {
namespace {

using namespace snag::detector;

alignas(64) std::uint64_t variable[8];
hooks::site site_of_test;
int told = 0;

void write_variable() { __snag_write8(variable, &site_of_test); }

class lives : public ::testing::Test {
 protected:
  lives() {
    on_unmapped(variable, sizeof variable);
    told = 0;
    sink_for_testing = [](const race_hit&) { ++told; };
  }
  ~lives() override { on_unmapped(variable, sizeof variable); }

  // body(), as the last thing that its thread does.
  template <class Body>
  int races_on_a_thread(Body body) {
    std::thread(body).join();
    return told;
  }

  static events::observer& observer() { return *events::installed(); }

  scripted_core core_;
};

// An actor as the runtime has it.
struct thread_actor : events::actor {
  explicit thread_actor(std::uint64_t number) {
    id = static_cast<events::goroutine_id>(number);
    kind = events::actor_kind::thread;
  }
};

TEST_F(lives, what_a_thread_did_unknown_comes_before_the_goroutine_that_it_runs_first) {
  events::actor& goroutine = core_.actor(1);
  observer().on_created(goroutine, &core_.actor(0), {});
  EXPECT_EQ(races_on_a_thread([&] {
              write_variable();
              observer().on_switched(nullptr, &goroutine);
              write_variable();
              observer().on_switched(&goroutine, nullptr);
            }),
            0);
}

TEST_F(lives, and_not_before_the_second) {
  events::actor& first = core_.actor(1);
  events::actor& second = core_.actor(2);
  observer().on_created(first, &core_.actor(0), {});
  observer().on_created(second, &core_.actor(0), {});
  EXPECT_GT(races_on_a_thread([&] {
              write_variable();
              observer().on_switched(nullptr, &first);
              observer().on_switched(&first, &second);
              write_variable();
              observer().on_switched(&second, nullptr);
            }),
            0);
}

TEST_F(lives, a_thread_that_starts_another_life_comes_after_the_one_that_stands) {
  thread_actor early(700), proper(701);
  observer().on_created(early, &core_.actor(0), {});
  observer().on_created(proper, &core_.actor(0), {});
  EXPECT_EQ(races_on_a_thread([&] {
              observer().on_started(early, {});
              write_variable();
              observer().on_started(proper, {});
              write_variable();
              observer().on_ended(proper, {});
            }),
            0);
  observer().on_joined(core_.actor(0), proper);
  observer().on_joined(core_.actor(0), early);
}

TEST_F(lives, a_thread_that_acts_again_after_its_end_knows_what_it_did) {
  thread_actor first(702), again(703);
  observer().on_created(first, &core_.actor(0), {});
  EXPECT_EQ(races_on_a_thread([&] {
              observer().on_started(first, {});
              write_variable();
              observer().on_ended(first, {});
              observer().on_created(again, nullptr, {});
              observer().on_started(again, {});
              write_variable();
              observer().on_ended(again, {});
            }),
            0);
  observer().on_joined(core_.actor(0), first);
  observer().on_joined(core_.actor(0), again);
}

TEST_F(lives, a_fiber_begins_after_its_creation) {
  EXPECT_EQ(races_on_a_thread([] {
              write_variable();
              fiber* const own = current_fiber();
              fiber* const made = create_fiber();
              switch_to_fiber(made, false);
              write_variable();
              switch_to_fiber(own, false);
              destroy_fiber(made);
            }),
            0);
}

TEST_F(lives, and_not_after_what_follows_that) {
  EXPECT_GT(races_on_a_thread([] {
              fiber* const own = current_fiber();
              fiber* const made = create_fiber();
              write_variable();
              switch_to_fiber(made, false);
              write_variable();
              switch_to_fiber(own, false);
              destroy_fiber(made);
            }),
            0);
}

}  // namespace
}  // namespace snag::testing
