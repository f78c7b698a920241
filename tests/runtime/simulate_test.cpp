// SPDX-License-Identifier: Apache-2.0
// Deterministic schedules: the same seed gives the same run, all seeds together reach every run.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include <chrono>
#include <cstdio>
#include <map>
#include <set>
#include <string>
#include <thread>

#include "runtime/src/record_format.h"
#include "snag/clock.h"
#include "snag/go.h"
#include "snag/runtime.h"
#include "snag/schedule.h"
#include "tests/runtime/gate.h"

namespace snag {
namespace {

using test::gate;
using namespace std::chrono_literals;

// Two goroutines of three steps each, with a scheduling point between steps.
template <class Point>
std::string two_of_three(Point point) {
  std::string order;
  gate done;
  for (const char name : {'a', 'b'})
    go([&order, &done, &point, name] {
      order += name;
      point();
      order += name;
      point();
      order += name;
      done.add();
    });
  done.take(2);
  return order;
}

TEST(simulate, a_thousand_seeds_reach_all_20_interleavings_of_two_goroutines_of_three_steps) {
  std::set<std::string> reached;
  for (std::uint64_t seed = 0; seed < 1000; ++seed)
    simulate(schedule::random(seed), [&] { reached.insert(two_of_three([] { yield(); })); });
  EXPECT_EQ(reached.size(), 20u) << ::testing::PrintToString(reached);
}

TEST(simulate, operations_are_scheduling_points_as_yields_are) {
  std::set<std::string> reached;
  for (std::uint64_t seed = 0; seed < 1000; ++seed)
    simulate(schedule::random(seed), [&] {
      gate unrelated;
      reached.insert(two_of_three([&] { unrelated.add(); }));
    });
  EXPECT_EQ(reached.size(), 20u) << ::testing::PrintToString(reached);
}

// A longer program with timers, random numbers and spawning: what it prints is its whole schedule.
std::string busy_program() {
  std::string text;
  gate done;
  for (int i = 0; i < 5; ++i)
    go([&, i] {
      for (int k = 0; k < 4; ++k) {
        test::sleep_for(std::chrono::microseconds(detail::random_below(1000)));
        text += fmt::format("{}.{}@{} ", goroutine_id(), k, clock::now().time_since_epoch().count());
        if (k == 2) go([&, i] { text += fmt::format("child of {} is {} ", i, goroutine_id()), done.add(); });
        yield();
      }
      done.add();
    });
  done.take(10);
  return text;
}

TEST(simulate, one_seed_gives_one_run_a_thousand_times) {
  std::string first;
  schedule_record first_record;
  for (int i = 0; i < 1000; ++i) {
    std::string text;
    const schedule_record record = simulate(schedule::random(42), [&] { text = busy_program(); });
    if (i == 0) {
      first = text;
      first_record = record;
      EXPECT_FALSE(first.empty());
    }
    ASSERT_EQ(text, first) << "run " << i;
    ASSERT_EQ(record, first_record) << "run " << i;
  }
}

TEST(simulate, different_seeds_give_different_runs) {
  std::set<std::string> runs;
  for (std::uint64_t seed = 0; seed < 50; ++seed)
    simulate(schedule::random(seed), [&] { runs.insert(busy_program()); });
  EXPECT_GT(runs.size(), 45u);
}

TEST(simulate, a_record_replays_the_run_also_as_text_and_from_a_file) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    std::string text;
    const schedule_record record = simulate(schedule::random(seed), [&] { text = busy_program(); });
    const auto replayed = [&](const schedule_record& r) {
      std::string again;
      const schedule_record record_again = simulate(schedule::replay(r), [&] { again = busy_program(); });
      EXPECT_EQ(record_again, record);
      return again;
    };
    EXPECT_EQ(replayed(record), text);
    EXPECT_EQ(replayed(schedule_record::from_string(record.to_string())), text);
    const std::string path = ::testing::TempDir() + "snag_record";
    ASSERT_TRUE(record.save(path.c_str()));
    schedule_record loaded;
    ASSERT_TRUE(schedule_record::load(path.c_str(), loaded));
    std::remove(path.c_str());
    EXPECT_EQ(replayed(loaded), text);
  }
}

TEST(simulate, records_are_about_a_byte_a_decision) {
  schedule_record record;
  detail::record_writer writer(record.bytes());
  for (std::uint32_t i = 0; i < 1000; ++i) writer.append(7, i % 7);
  EXPECT_LE(record.bytes().size(), 1001u);
  detail::record_reader reader(record.bytes());
  for (std::uint32_t i = 0; i < 1000; ++i) {
    std::uint32_t n, answer;
    ASSERT_EQ(reader.next(n, answer), detail::record_reader::result::ok);
    ASSERT_EQ(n, 7u);
    ASSERT_EQ(answer, i % 7);
  }
  std::uint32_t n, answer;
  EXPECT_EQ(reader.next(n, answer), detail::record_reader::result::end);
}

TEST(simulate, every_goroutine_that_can_run_is_equally_likely) {
  std::map<int, int> first;
  for (std::uint64_t seed = 0; seed < 6000; ++seed)
    simulate(schedule::random(seed), [&] {
      gate done;
      int winner = -1;
      struct racer {
        int *winner, index;
        gate* done;
      } racers[3];
      for (int i = 0; i < 3; ++i) {
        racers[i] = {&winner, i, &done};
        detail::spawn(
            {},
            [](void* p) {
              auto& r = *static_cast<racer*>(p);
              if (*r.winner < 0) *r.winner = r.index;
              r.done->add();
            },
            &racers[i], nullptr, nullptr);
      }
      done.take(3);
      ++first[winner];
    });
  for (int i = 0; i < 3; ++i) EXPECT_NEAR(first[i], 2000, 200) << "racer " << i;  // 5.5 standard deviations
}

TEST(simulate, time_is_virtual_and_jumps_to_the_next_timer) {
  const auto real = std::chrono::steady_clock::now();
  simulate(schedule::random(1), [] {
    const auto start = clock::now();
    gate done;
    for (int i = 1; i <= 3; ++i)
      go([&, i] {
        test::sleep_for(i * 1h);
        EXPECT_EQ(clock::now() - start, i * 1h);
        done.add();
      });
    done.take(3);
    EXPECT_EQ(clock::now() - start, 3h);
  });
  EXPECT_LT(std::chrono::steady_clock::now() - real, 1min);
}

TEST(simulate, time_stands_still_while_somebody_can_run) {
  simulate(schedule::random(1), [] {
    const auto start = clock::now();
    bool fired = false;
    gate done;
    go([&] {
      test::sleep_for(1ns);
      fired = true;
      done.add();
    });
    for (int i = 0; i < 1000; ++i) yield();
    EXPECT_FALSE(fired);
    EXPECT_EQ(clock::now(), start);
    done.take();
    EXPECT_TRUE(fired);
  });
}

TEST(simulate, a_goroutine_that_polls_the_clock_sees_it_move_in_the_end) {
  simulate(schedule::random(1), [] {
    const auto start = clock::now();
    while (clock::now() - start < 1s) {
    }
    bool fired = false;
    go([&] {
      test::sleep_for(1h);
      fired = true;
    });
    while (!fired) yield();
  });
}

TEST(simulate, a_goroutine_that_never_blocks_cannot_stop_the_others_even_in_a_replay) {
  // An exhausted record always answers "go on".
  simulate(schedule::replay({}), [] {
    bool stop = false;
    go([&] { stop = true; });
    while (!stop) yield();
  });
}

TEST(simulate, returns_when_the_last_goroutine_has_ended) {
  int ended = 0;
  simulate(schedule::random(3), [&] {
    for (int i = 0; i < 10; ++i)
      go([&] {
        test::sleep_for(1s);
        ++ended;
      });
  });
  EXPECT_EQ(ended, 10);
}

TEST(simulate, counts_goroutines_from_one_and_says_one_processor) {
  simulate(schedule::random(3), [] {
    EXPECT_EQ(goroutine_id(), 1u);
    EXPECT_EQ(num_goroutine(), 1);
    EXPECT_EQ(max_procs(8), 1);
    EXPECT_EQ(max_procs(0), 1);
  });
  EXPECT_EQ(goroutine_id(), 1u);  // main is itself again
}

TEST(simulate, goexit_of_the_first_goroutine_leaves_the_others_running) {
  bool ran = false;
  simulate(schedule::random(3), [&] {
    go([&] {
      test::sleep_for(1s);
      ran = true;
    });
    goexit();
  });
  EXPECT_TRUE(ran);
}

TEST(simulate, may_be_nested_and_run_inside_a_catch_block) {
  try {
    throw 5;
  } catch (int) {
    simulate(schedule::random(1), [] {
      EXPECT_FALSE(std::current_exception());
      simulate(schedule::random(2), [] { EXPECT_EQ(num_goroutine(), 1); });
    });
    EXPECT_TRUE(std::current_exception());
  }
}

TEST(simulate, many_goroutines) {
  int sum = 0;
  simulate(schedule::random(9), [&] {
    gate done;
    for (int i = 0; i < 20'000; ++i)
      go([&] {
        yield();
        ++sum;
        done.add();
      });
    done.take(20'000);
  });
  EXPECT_EQ(sum, 20'000);
}

class simulate_death : public ::testing::Test {
 protected:
  void SetUp() override { GTEST_FLAG_SET(death_test_style, "threadsafe"); }
};

TEST_F(simulate_death, a_deadlock_is_reported_with_every_goroutine) {
  EXPECT_EXIT(simulate(schedule::random(1),
                       [] {
                         gate never;
                         go({.name = "stuck"}, [&] { never.take(); });
                         never.take();
                       }),
              ::testing::ExitedWithCode(2),
              "fatal error: all goroutines are asleep - deadlock!\n\ngoroutine 1 \\[semacquire\\]:\n(.|\n)*"
              "goroutine 2 \\[semacquire, name \"stuck\"\\]:");
}

TEST_F(simulate_death, a_replay_that_does_not_fit_says_where) {
  const schedule_record record = simulate(schedule::random(1), [] { busy_program(); });
  EXPECT_EXIT(simulate(schedule::replay(record),
                       [] {
                         gate done;
                         for (int i = 0; i < 2; ++i) go([&] { done.add(); });
                         done.take(2);
                         busy_program();
                       }),
              ::testing::ExitedWithCode(2),
              "schedule replay diverged at decision [0-9]+: recorded [0-9]+ choices");
}

TEST_F(simulate_death, a_foreign_thread_voids_determinism_and_that_is_said_once) {
  EXPECT_EXIT(
      {
        simulate(schedule::random(1), [] {
          gate from_outside;
          const detail::goroutine& self = detail::current();
          std::thread helper([&] {
            while (self.reason == detail::wait_reason::none) {
            }
            from_outside.add(), from_outside.add();
          });
          from_outside.take(2);
          helper.join();
        });
        std::fprintf(stderr, "finished\n");
        std::exit(0);
      },
      ::testing::ExitedWithCode(0), "^snag: a foreign thread takes part in a seeded run[^\n]*\nfinished\n$");
}

}  // namespace
}  // namespace snag
