// SPDX-License-Identifier: Apache-2.0
// Memory that comes and goes, as the interposed malloc and free tell it, called from instrumented code or
// not.
#include "detector/src/memory_events.h"

#include <gtest/gtest.h>

#include "detector/src/race.h"
#include "detector/src/shadow_access.h"
#include "detector/src/thread_state.h"
#include "tests/detector/support/scripted_core.h"

namespace snag::testing {
namespace {

using namespace snag::detector;

constexpr std::size_t block = 64;  // bytes, at the start of the arena

class memory_events : public ::testing::Test {
 protected:
  memory_events() {
    core.go(0, 1);
    core.go(0, 2);
  }
  enum class caller { user, user_frees, runtime, nobody };
  // Calls act(block) by an actor, with a call of that kind in progress; returns the races told.
  template <class Act>
  std::uint64_t by(int actor, caller who, Act act) {
    core.switch_to(actor);
    hooks::frame frame{nullptr, call_by(who), 0, 0};
    this_thread().hot.top = who == caller::nobody ? nullptr : &frame;
    races = 0;
    sink_before = sink_for_testing;
    sink_for_testing = [](const race_hit&) { ++races; };
    act(core.arena());
    sink_for_testing = sink_before;
    this_thread().hot.top = nullptr;
    return races;
  }
  static const hooks::site* call_by(caller who) {
    static hooks::site calls[3];
    static const bool known = [] {
      calls[static_cast<int>(caller::user_frees)].flags = hooks::site_frees;
      calls[static_cast<int>(caller::runtime)].flags = hooks::site_calls_runtime;
      sites.add(calls, calls + 3);
      return true;
    }();
    return known && who != caller::nobody ? &calls[static_cast<int>(who)] : nullptr;
  }
  std::uint64_t allocate(int actor, caller who = caller::user, std::size_t bytes = block) {
    return by(actor, who, [&](void* p) { on_allocated(p, bytes); });
  }
  std::uint64_t release(int actor, caller who = caller::user_frees, std::size_t bytes = block) {
    return by(actor, who, [&](void* p) { on_freed(p, bytes); });
  }
  static inline std::uint64_t races = 0;
  race_sink sink_before = nullptr;
  scripted_core core;
};

TEST_F(memory_events, publication_without_synchronisation_races_with_the_allocation) {
  EXPECT_EQ(allocate(1), 0u);
  EXPECT_EQ(core.read(2, 8, 4), 4u);
}
TEST_F(memory_events, publication_with_synchronisation_does_not) {
  EXPECT_EQ(allocate(1), 0u);
  core.release(1, 0);
  core.acquire(2, 0);
  EXPECT_EQ(core.read(2, 8, 4), 0u);
}
TEST_F(memory_events, what_the_runtime_or_unseen_code_allocates_is_nobodys) {
  EXPECT_EQ(allocate(1, caller::runtime), 0u);
  EXPECT_EQ(core.read(2, 8, 4), 0u);
  EXPECT_EQ(allocate(1, caller::nobody), 0u);
  EXPECT_EQ(core.write(2, 8, 4), 0u);
}
TEST_F(memory_events, fresh_memory_knows_nothing_of_its_former_owner) {
  core.write(1, 8, 4);
  EXPECT_EQ(allocate(2), 0u);
  EXPECT_EQ(core.write(2, 8, 4), 0u);
}
TEST_F(memory_events, fresh_memory_knows_nothing_of_its_former_readers) {
  core.read(1, 8, 4);
  EXPECT_EQ(allocate(2), 0u);
  EXPECT_EQ(core.write(2, 8, 4), 0u);
}
TEST_F(memory_events, memory_that_the_runtime_allocates_knows_nothing_of_its_former_owner) {
  core.write(1, 8, 4);
  EXPECT_EQ(allocate(2, caller::runtime), 0u);
  EXPECT_EQ(core.read(2, 8, 4), 0u);
}
TEST_F(memory_events, a_free_races_with_an_unordered_access) {
  EXPECT_EQ(core.read(1, 8, 4), 0u);
  EXPECT_GT(release(2), 0u);
}
TEST_F(memory_events, a_free_after_the_last_access_does_not) {
  EXPECT_EQ(core.read(1, 8, 4), 0u);
  core.release(1, 0);
  core.acquire(2, 0);
  EXPECT_EQ(release(2), 0u);
}
TEST_F(memory_events, an_access_that_is_not_ordered_after_the_free_races) {
  core.write(1, 8, 4);
  EXPECT_EQ(release(1), 0u);
  EXPECT_EQ(core.read(2, 8, 4), 4u);
}
// Lines of cells that are alike are met as one: each granule of each has to say what happened to it.
TEST_F(memory_events, every_granule_of_a_block_of_lines_ends_with_it) {
  constexpr std::size_t lines = 4 * block;
  for (std::size_t other = 0; other < lines; other += 4) {
    SCOPED_TRACE(other);
    EXPECT_EQ(allocate(1, caller::user, lines), 0u);
    core.write(1, 0, lines);
    if (other % 8 == 0) EXPECT_EQ(core.write(1, other, 4), 0u);  // that line is not alike any more
    EXPECT_EQ(release(1, caller::user_frees, lines), 0u);
    EXPECT_EQ(core.read(2, other, 4), 4u);
    core.release(1, 0);
    core.acquire(2, 0);  // or the next block's end raced with that
    core.release(2, 0);
    core.acquire(1, 0);
  }
}
TEST_F(memory_events, a_free_meets_whoever_was_in_any_granule_of_its_lines) {
  constexpr std::size_t lines = 4 * block;
  for (std::size_t other = 0; other < lines; other += 4) {
    SCOPED_TRACE(other);
    EXPECT_EQ(allocate(1, caller::user, lines), 0u);
    core.release(1, 0);
    core.acquire(2, 0);
    EXPECT_EQ(core.read(2, other, 4), 0u);
    EXPECT_EQ(release(1, caller::user_frees, lines), 1u);
    core.release(2, 0);
    core.acquire(1, 0);
  }
}
TEST_F(memory_events, a_free_by_unseen_code_is_not_checked_and_forgets) {
  core.write(1, 8, 4);
  EXPECT_EQ(release(2, caller::user), 0u);
  EXPECT_EQ(core.write(2, 8, 4), 0u);
}
TEST_F(memory_events, a_large_block_is_forgotten_with_its_free) {
  constexpr std::size_t large = 256 * 1024;
  core.write(1, 8, 4);
  core.write(1, large - 8, 8);
  EXPECT_GT(release(2, caller::user_frees, large), 0u);  // checked,
  EXPECT_EQ(core.write(1, 8, 4), 0u);                    // then unknown
  EXPECT_EQ(core.write(2, large - 8, 8), 0u);
}
// Cells are contiguous within a run of a MiB, and the next run's lie elsewhere.
TEST_F(memory_events, what_is_forgotten_ends_where_it_ends_in_each_run_of_cells) {
  const auto arena = reinterpret_cast<std::uint64_t>(core.arena());
  const std::uint64_t first = (arena + hooks::plane_block - 1) & ~(hooks::plane_block - 1);
  ASSERT_LE(first + 2 * hooks::plane_block, arena + scripted_core::wide_bytes);
  const auto at = [&](std::size_t offset) { return first - arena + offset; };
  for (const std::size_t low : {hooks::plane_run - 8, hooks::plane_run - 200'000, hooks::plane_run + 4096})
    for (const std::size_t high : {2 * hooks::plane_run + 8, 4 * hooks::plane_run + 300'000}) {
      SCOPED_TRACE(::testing::Message() << low << " to " << high);
      for (std::size_t offset = low - 4096; offset < high + 4096; offset += 4096) {
        core.write(1, at(offset), 8);
        core.read(1, at(offset) + 8, 8);
      }
      core.write(1, at(low), 4);
      core.write(1, at(low - 4), 4);
      core.write(1, at(high), 4);
      core.write(1, at(high - 4), 4);
      forget_memory(first + low, first + high);
      std::size_t known = 0;
      for (std::size_t offset = low + 4096; offset < high - 4096; offset += 4096)
        known += core.write(2, at(offset), 16);
      EXPECT_EQ(known, 0u);
      EXPECT_EQ(core.read(2, at(low), 4), 0u);
      EXPECT_EQ(core.read(2, at(high - 4), 4), 0u);
      EXPECT_EQ(core.read(2, at(low - 4), 4), 4u);
      EXPECT_EQ(core.read(2, at(high), 4), 4u);
      forget_memory(first, first + 2 * hooks::plane_block);
    }
}
class memory_of_an_atomic : public memory_events {
 protected:
  // Actor 1 writes beside the block and releases through an atomic in it, the block goes, and actor 2
  // acquires from what stands there then. Returns how many bytes of what was written race with a read by
  // actor 2.
  template <class Go>
  std::uint64_t published_past(Go go) {
    step publish{op::atomic_store}, look{op::atomic_load};
    publish.actor = 1;
    publish.order = 3;
    look.actor = 2;
    look.order = 2;
    publish.size = look.size = 4;
    core.write(1, 128, 4);
    core.play(publish, 7);
    go();
    core.play(look, 8);
    return core.read(2, 128, 4);
  }
};
TEST_F(memory_of_an_atomic, its_clock_stays_with_the_memory) {
  EXPECT_EQ(published_past([] {}), 0u);
}
TEST_F(memory_of_an_atomic, its_clock_goes_when_the_memory_is_unmapped) {
  EXPECT_EQ(published_past([&] { on_unmapped(core.arena(), block); }), 4u);
}
TEST_F(memory_of_an_atomic, its_clock_goes_when_the_memory_is_freed) {
  EXPECT_EQ(published_past([&] { EXPECT_EQ(release(1), 0u); }), 4u);
}
TEST_F(memory_events, the_stack_of_an_ended_goroutine_stands_until_another_one_gets_it) {
  core.write(1, 4096 + 16, 8);
  core.write(1, 3 * 4096, 1);
  core.switch_to(1);
  const events::stack_bounds stack{core.arena() + 4096, core.arena() + 5 * 4096};
  events::installed()->on_ended(core.actor(1), stack);
  EXPECT_EQ(core.write(2, 4096 + 16, 8), 8u);  // a reference that outlived it
  events::installed()->on_started(core.actor(3), stack);
  EXPECT_EQ(core.write(3, 4096 + 16, 8), 0u);
  EXPECT_EQ(core.write(3, 3 * 4096, 1), 0u);
}

}  // namespace
}  // namespace snag::testing
