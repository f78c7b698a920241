// SPDX-License-Identifier: Apache-2.0
// What observers are told by semaphore, sync_map and pool: the edges that they promise, and no others.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/runtime/every_schedule.h"
#include "tests/runtime/recorder.h"

namespace snag::test {
namespace {

using testing::ElementsAre;

template <class Body>
std::vector<std::string> ordered(Body&& body) {
  std::vector<std::string> lines;
  simulate(schedule::random(1), [&] {
    events_seen.start({"acquired", "released", "merged", "blocked"});
    body();
    lines = events_seen.stop();
  });
  return lines;
}

TEST(events_of_semaphore, a_release_merges_and_an_acquire_that_succeeds_acquires) {
  EXPECT_THAT(ordered([] {
                semaphore s(1);
                s.acquire();
                EXPECT_FALSE(s.try_acquire());
                s.release();
                EXPECT_TRUE(s.try_acquire());
              }),
              ElementsAre("acquired g1 sem1 0", "merged g1 sem1 0", "acquired g1 sem1 0"));
}

TEST(events_of_semaphore, who_waits_acquires_when_it_is_granted_its_units) {
  EXPECT_THAT(ordered([] {
                semaphore s(1);
                s.acquire();
                go([&] { s.acquire(); });
                snag::sleep_for(std::chrono::milliseconds(1));
                s.release();
              }),
              ElementsAre("acquired g1 sem1 0", "blocked g1 7 any -:sleep", "blocked g2 14 all sem1:wait",
                          "merged g1 sem1 0", "acquired g2 sem1 0"));
}

// other2 is what the deletions of the key's shard are merged into, and what finding nothing there acquires.
TEST(events_of_sync_map, each_pair_has_a_clock_that_finding_it_acquires) {
  EXPECT_THAT(ordered([] {
                sync_map<int, int> m;
                m.store(1, 1);    // finds nothing, puts other1 there
                (void)m.load(1);  // acquired other1
                m.range([](int, int) {});
              }),
              ElementsAre("released g1 other1 0", "acquired g1 other2 0", "acquired g1 other1 0",
                          "acquired g1 other1 0", "merged g1 other2 0"));
}

TEST(events_of_sync_map, only_a_write_releases) {
  EXPECT_THAT(ordered([] {
                sync_map<int, int> m;
                m.store(1, 1);
                (void)m.load_or_store(1, 2);  // was there
                m.compare_and_swap(1, 5, 6);  // refused
                m.erase(1);
              }),
              ElementsAre("released g1 other1 0", "acquired g1 other2 0", "acquired g1 other1 0",
                          "acquired g1 other1 0", "acquired g1 other1 0", "merged g1 other2 0"));
}

TEST(events_of_sync_map, the_end_of_a_pair_comes_after_all_who_looked_at_it) {
  EXPECT_THAT(ordered([] {
                sync_map<int, std::string> m;
                m.store(1, "a");  // lets go of it: merged
                (void)m.load(1);
                m.clear();
              }),
              ElementsAre("released g1 other1 0", "acquired g1 other2 0", "merged g1 other1 1",
                          "acquired g1 other1 0", "merged g1 other1 1", "merged g1 other2 0",
                          "merged g1 other1 1", "acquired g1 other1 1"));
}

TEST(events_of_pool, each_object_has_a_clock_from_put_to_get) {
  EXPECT_THAT(ordered([] {
                pool<int> p;
                p.put(1);
                p.put(2);
                (void)p.get();
                (void)p.get();
                (void)p.get();  // new
              }),
              ElementsAre("released g1 other1 0", "released g1 other2 0", "acquired g1 other2 0",
                          "acquired g1 other1 0"));
}

TEST(events_of_pool, what_is_dropped_is_acquired_first) {
  EXPECT_THAT(ordered([] {
                pool<std::string> p;
                p.put("a");
                p.shrink();
                p.shrink();
              }),
              ElementsAre("released g1 other1 0", "acquired g1 other1 0"));
}

}  // namespace
}  // namespace snag::test
