// SPDX-License-Identifier: Apache-2.0
#include "detector/src/sweep.h"

#include <gtest/gtest.h>

#include <thread>

#include "detector/src/access_set.h"
#include "detector/src/line_lock.h"
#include "detector/src/record_store.h"
#include "detector/src/shadow_access.h"
#include "detector/src/site_registry.h"
#include "detector/src/slot_table.h"
#include "detector/src/world.h"
#include "tests/detector/support/scripted_core.h"

namespace snag::testing {
namespace {

using namespace snag::detector;

TEST(sweep, what_a_cell_names_survives) {
  scripted_core core;
  core.go(0, 1);
  core.go(0, 2);
  core.write(1, 0, 4);
  core.end(1);
  for (int i = 0; i < 5; ++i) core.sweep();
  EXPECT_EQ(core.write(2, 0, 4), 4u);
}

TEST(sweep, readers_in_a_set_survive_and_unnamed_sets_go) {
  scripted_core core;
  for (int i = 1; i <= 300; ++i) core.go(0, i);
  core.sweep();
  const std::uint32_t before = sets.live_nodes();
  for (int i = 1; i <= 300; ++i) core.read(i, 0, 4);
  EXPECT_GT(sets.live_nodes(), before + 1000);
  core.sweep();
  EXPECT_EQ(sets.live_nodes(), before + 299);
  EXPECT_EQ(core.write(300, 0, 4), 4u * 299);
}

TEST(sweep, a_slot_is_free_once_no_record_names_it) {
  scripted_core core;
  core.sweep();
  const std::uint32_t before = slots.slots_in_use();
  for (int i = 1; i <= 100; ++i) {
    core.go(0, i);
    core.write(i, 4 * static_cast<unsigned>(i), 4);
    core.end(i);
  }
  core.sweep();
  EXPECT_EQ(slots.slots_in_use(), before + 100);
  actor_facts facts;
  const events::goroutine_id first = core.actor(1).id;
  EXPECT_TRUE(find_actor(first, facts));
  EXPECT_TRUE(facts.ended);
  on_unmapped(core.arena(), scripted_core::wide_bytes);
  core.sweep();
  EXPECT_EQ(slots.slots_in_use(), before);
  EXPECT_FALSE(find_actor(first, facts));
}

TEST(sweep, a_goroutine_that_accessed_nothing_gives_its_slot_back_at_once) {
  scripted_core core;
  core.go(0, 1);
  core.end(1);
  const std::uint32_t before = slots.slots_in_use();
  for (int i = 0; i < 1000; ++i) {
    core.go(0, 2);
    core.end(2);
  }
  EXPECT_EQ(slots.slots_in_use(), before);
}

TEST(sweep, threads_that_access_memory_meanwhile_lose_nothing) {
  scripted_core core;
  static hooks::site where;
  alignas(4096) static std::byte memory[1 << 16];
  std::atomic<bool> stop{false};
  std::thread busy([&] {
    for (std::size_t i = 0; i != sizeof memory || !stop; i += 4) {
      if (i == sizeof memory) i = 0;
      __snag_write4(memory + i, &where);
    }
  });
  for (int i = 0; i < 200; ++i) core.sweep();
  stop = true;
  busy.join();
  // Every cell still names the thread's write, though its records were taken and given back many times over.
  thread_state& t = this_thread();
  for (std::size_t i = 0; i < sizeof memory; i += 4) {
    const core_scope scope(t);
    EXPECT_EQ(records[cell(write_cell(reinterpret_cast<std::uint64_t>(memory + i)).load()).record()].site,
              sites.id_of(&where));
  }
  on_unmapped(memory, sizeof memory);
}

}  // namespace
}  // namespace snag::testing
