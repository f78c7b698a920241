// SPDX-License-Identifier: Apache-2.0
// The rules of life against a model checker: whoever they say can never run again must not run in anything
// that follows. Where nobody can take a step, they must know it of everybody.
#include "detector/src/liveness/who_can_run.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <random>

#include "tests/detector/liveness/model.h"

namespace snag::testing {
namespace {

using detector::party_index;
using detector::region_index;
using detector::wait_snapshot;
using events::direction;
using events::object_kind;
using events::wait_mode;
using events::wait_operation;

// Locks are taken and mostly given back, one inside the other now and then; the rest is at random.
model_program random_program(std::mt19937_64& random) {
  const auto below = [&](unsigned n) { return static_cast<int>(random() % n); };
  model_program p;
  p.parties.resize(2 + below(3));
  for (int& c : p.capacities) c = below(2);
  for (int& c : p.counts) c = below(3);
  for (auto& steps : p.parties) {
    struct taken {
      int lock;
      bool shared;
    };
    std::vector<taken> held;
    const std::size_t length = 2 + below(3);
    while (steps.size() < length) {
      switch (below(10)) {
        case 0:
        case 1:
        case 2: {
          const taken t{below(model_locks), below(2) == 0};
          steps.push_back({t.shared ? act::lock_shared : act::lock, t.lock});
          held.push_back(t);
          break;
        }
        case 3:
          if (held.empty()) break;
          steps.push_back({held.back().shared ? act::unlock_shared : act::unlock, held.back().lock});
          held.pop_back();
          break;
        case 4:
          steps.push_back({act::send, below(model_channels)});
          break;
        case 5:
          steps.push_back({act::receive, below(model_channels)});
          break;
        case 6:
          steps.push_back({below(3) == 0 ? act::close : act::pause, below(model_channels)});
          break;
        case 7:
          steps.push_back({act::select, 0, 1});
          break;
        case 8:
          steps.push_back({act::done, below(model_groups)});
          break;
        default:
          steps.push_back({act::wait, below(model_groups)});
          break;
      }
    }
    const bool abandons = below(8) == 0;
    for (; !held.empty() && !abandons; held.pop_back())
      steps.push_back({held.back().shared ? act::unlock_shared : act::unlock, held.back().lock});
  }
  for (std::size_t i = 0; i < p.parties.size(); ++i) {
    std::vector<std::uint8_t> ends;
    std::vector<bool> groups;
    for (int c = 0; c < model_channels; ++c) ends.push_back(below(4) == 0 ? below(4) : 0);
    for (int g = 0; g < model_groups; ++g) groups.push_back(below(6) == 0);
    p.ends.push_back(ends);
    p.groups.push_back(groups);
  }
  return p;
}

std::size_t programs() {
  const char* const n = std::getenv("SNAG_TEST_PROGRAMS");
  return n != nullptr ? std::strtoull(n, nullptr, 10) : 3'000;
}

// Which the model knows nothing of: who waits with a deadline.
TEST(who_can_run, a_reader_passes_readers_when_the_writer_before_it_may_give_up) {
  for (const bool gives_up : {false, true}) {
    constexpr party_index self_locked{0}, writer{1}, reader{2};
    wait_snapshot s;
    wait_snapshot::object table, mutex;
    table.kind = object_kind::pthread_rwlock;
    table.owners = {self_locked};
    table.reads = {true};
    table.writers = {writer};
    mutex.kind = object_kind::pthread_mutex;
    mutex.owners = {self_locked};
    s.objects = {table, mutex};
    s.parties.resize(3);
    for (auto& p : s.parties) p.parked = true;
    s.add_wait(s.parties[0], {detector::object_index{1}, wait_operation::lock});
    s.add_wait(s.parties[1], {detector::object_index{0}, wait_operation::lock});
    if (gives_up) {
      s.parties[1].mode = wait_mode::any_of;
      s.add_wait(s.parties[1], {detector::object_index::nil, wait_operation::sleep});
    }
    s.add_wait(s.parties[2], {detector::object_index{0}, wait_operation::lock_shared, 1});
    const auto lives = detector::who_can_run(s);
    EXPECT_FALSE(lives[static_cast<std::size_t>(self_locked)]);
    EXPECT_EQ(lives[static_cast<std::size_t>(writer)], gives_up);
    EXPECT_EQ(lives[static_cast<std::size_t>(reader)], gives_up);
  }
}

TEST(who_can_run, agrees_with_a_model_checker_on_every_state) {
  std::mt19937_64 random(20250);
  std::uint64_t states = 0, parked = 0, dead = 0, found = 0, quiet = 0;
  for (std::size_t i = 0; i < programs(); ++i) {
    const model_program p = random_program(random);
    model m(p);
    m.explore([&](const model::state& s, std::uint32_t runners) {
      if (s.panicked) return;
      ++states;
      const wait_snapshot snapshot = m.snapshot(s);
      const auto lives = detector::who_can_run(snapshot);
      bool somebody_steps = false;
      for (int k = 0; k < static_cast<int>(p.parties.size()); ++k) somebody_steps |= m.can_step(s, k);
      quiet += !somebody_steps;
      for (std::size_t k = 0; k < p.parties.size(); ++k) {
        if (!snapshot.parties[k].parked) continue;
        const bool runs_again = (runners >> k & 1) != 0;
        ++parked;
        dead += !runs_again;
        found += !lives[k];
        ASSERT_FALSE(!lives[k] && runs_again) << "program " << i << ", party " << k << "\n" << to_string(p);
        ASSERT_FALSE(!somebody_steps && lives[k]) << "program " << i << ", party " << k << "\n"
                                                  << to_string(p);
      }
    });
  }
  RecordProperty("states", static_cast<int>(states));
  std::printf("%zu programs, %llu states, %llu of nobody's steps; parked %llu, for good %llu, known %llu\n",
              programs(), static_cast<unsigned long long>(states), static_cast<unsigned long long>(quiet),
              static_cast<unsigned long long>(parked), static_cast<unsigned long long>(dead),
              static_cast<unsigned long long>(found));
  EXPECT_GT(found * 2, dead) << "half of those who never run again should be known at once";
}

// One waits for a channel that a global names. While anybody runs, he may send; where all are asleep, nobody.
TEST(who_can_run, a_global_is_nobodys_where_all_are_asleep) {
  wait_snapshot s;
  s.regions = {{.root = true}, {.of = party_index{0}}};
  s.objects.push_back(
      {.kind = object_kind::channel, .owners = {}, .reads = {}, .writers = {}, .handles = {}});
  s.objects[0].handles.push_back({region_index{0}, direction::both});
  s.parties.push_back({.id = events::goroutine_id::main, .parked = true});
  s.add_wait(s.parties[0], {detector::object_index{0}, wait_operation::receive});
  EXPECT_TRUE(detector::who_can_run(s)[0]);
  s.all_asleep = true;
  EXPECT_FALSE(detector::who_can_run(s)[0]);
  s.parties.push_back({.id = events::goroutine_id{2}, .parked = false});
  s.regions.push_back({.of = party_index{1}});
  EXPECT_TRUE(detector::who_can_run(s)[0]);
}

}  // namespace
}  // namespace snag::testing
