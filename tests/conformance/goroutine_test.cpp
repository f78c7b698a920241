// SPDX-License-Identifier: Apache-2.0
// Go specification, "Go statements", "Program execution"; runtime/proc.go; rules GO-001 to GO-023.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "runtime/src/cpu_limit.h"
#include "runtime/src/sanitizer.h"
#include "snag/go.h"
#include "tests/conformance/processes.h"
#include "tests/conformance/waiting.h"
#include "tests/runtime/every_schedule.h"

namespace snag::test {
namespace {

using namespace std::chrono_literals;
using events::wait_reason;
using testing::AllOf;
using testing::ContainsRegex;
using testing::HasSubstr;

TEST(goroutine, GO_001_function_and_arguments_are_evaluated_by_the_caller_and_results_are_thrown_away) {
  on_every_schedule([] {
    const std::uint64_t caller = goroutine_id();
    int evaluations = 0;
    const auto argument = [&](int v) {
      EXPECT_EQ(goroutine_id(), caller);
      return ++evaluations, v;
    };
    chan<int> sum;
    int x = 1;
    go(
        [=](int a, int b) {
          EXPECT_NE(goroutine_id(), caller);
          sum << 100 * a + b;
          return std::string("nobody sees this");
        },
        argument(x), argument(2));
    x = 5;  // too late
    EXPECT_EQ(evaluations, 2);
    EXPECT_EQ(sum.recv(), 102);
  });
}

TEST(goroutine, GO_002_go_of_a_nil_function_is_fatal) {
  expect_death("go_nil", "fatal error: go of nil func value");
  for (const char* options : {"", "seed=1"})
    EXPECT_THAT(run("go_nil_beside_another", options).err, HasSubstr("\n\ngoroutine 2 [chan receive]:\n"));
}

TEST(goroutine, GO_003_main_waits_for_nobody_and_their_defers_do_not_run) {
  expect_on_every_schedule("main_returns", "", 0);
}

TEST(goroutine, GO_004_main_is_goroutine_1_and_ids_are_never_used_again) {
  on_every_schedule([] {
    EXPECT_EQ(goroutine_id(), 1u);
    std::set<std::uint64_t> seen{goroutine_id()};
    for (int i = 0; i < 50; ++i) {
      chan<std::uint64_t> id;
      go([=] { id << goroutine_id(); });
      EXPECT_TRUE(seen.insert(id.recv()).second) << "used twice";
    }
  });
  for (const char* options : {"", "seed=1"})
    EXPECT_THAT(run("panic_text", options).err, HasSubstr("\n\ngoroutine 1 [running]:\n"));
}

TEST(goroutine, GO_005_a_fresh_program_shows_no_goroutines_but_main) {
  for (const char* options : {"", "seed=1", "max_procs=8"}) {
    const std::string err = run("quit_fresh", options).err;
    EXPECT_THAT(err, HasSubstr("\ngoroutine 1 [running]:\n"));
    EXPECT_EQ(err.find("\ngoroutine "), err.rfind("\ngoroutine ")) << err;
  }
}

TEST(goroutine, GO_006_yield_lets_others_run_and_the_goroutine_stays_runnable) {
  {  // (First: a second worker that had work would need a while to stop.)
    const with_max_procs one(1);
    on_real_threads(20, [] {
      std::string order;
      wait_group all;
      for (const char name : {'a', 'b', 'c'}) {
        all.go([&order, name] {
          for (int k = 0; k < 3; ++k) {
            order += name;
            yield();  // behind all who are runnable
          }
        });
      }
      all.wait();
      EXPECT_EQ(order, "cabcabcab");
    });
  }
  on_every_schedule([] {
    std::atomic<int> turns{0};
    wait_group all;
    for (int i = 0; i < 3; ++i) {
      all.go([&, i] {
        for (int now; (now = turns) < 30;)
          if (now % 3 == i)
            ++turns;
          else
            yield();
      });
    }
    all.wait();
    EXPECT_EQ(turns, 30);
  });
}

TEST(goroutine, GO_007_num_goroutine_counts_the_living) {
  on_every_schedule([] {
    while (num_goroutine() > 1) yield();  // of the round before
    chan<void> leave;
    for (int i = 0; i < 10; ++i) {
      go([=] { leave.recv(); });
      EXPECT_EQ(num_goroutine(), i + 2);
    }
    for (int i = 0; i < 10; ++i) leave.send();
    while (num_goroutine() > 1) yield();
  });
}

TEST(goroutine, GO_008_goexit_runs_all_defers_and_ends_only_this_goroutine) {
  on_every_schedule([] {
    std::string trace;
    wait_group all;
    all.go([&] {
      const defer outer([&] { trace += "outer"; });
      [&] {
        const defer inner([&] {
          yield();
          trace += "inner,";
        });
        goexit();
      }();
      trace += "went on,";
    });
    all.wait();
    EXPECT_EQ(trace, "inner,outer");
  });
}

TEST(goroutine, GO_009_goexit_is_no_panic) {
  on_every_schedule([] {
    wait_group all;
    bool deferred = false;
    all.go([&] {
      const defer d([&] {
        EXPECT_EQ(std::current_exception(), nullptr);
        EXPECT_EQ(std::uncaught_exceptions(), 0);
        deferred = true;
      });
      try {
        goexit();
      } catch (const std::exception&) {
        ADD_FAILURE() << "recovered a goexit";
      }
    });
    all.wait();
    EXPECT_TRUE(deferred);
  });
}

TEST(goroutine, GO_010_goexit_from_main_lets_the_others_run_and_then_is_fatal) {
  const std::string message = "fatal error: no goroutines (main called runtime.Goexit) - deadlock!\n";
  expect_on_every_schedule("goexit_alone", message, 2);
  expect_on_every_schedule("goexit_others_first", "the other one\n" + message, 2);
  expect_on_every_schedule("goexit_others_stuck", "fatal error: all goroutines are asleep - deadlock!\n", 2,
                           "traceback=none");
}

TEST(goroutine, GO_011_a_panic_recovered_during_goexit_does_not_stop_it) {
  on_every_schedule([] {
    std::string trace;
    wait_group all;
    all.go([&] {
      const defer last([&] { trace += "last"; });
      [&] {
        const defer d([&] {
          try {
            yield();
            panic("late,");
          } catch (const panic_error& e) {
            trace += e.what();
          }
        });
        goexit();
      }();
      trace += "went on,";
    });
    all.wait();
    EXPECT_EQ(trace, "late,last");
  });
}

TEST(goroutine, GO_012_an_unrecovered_panic_during_goexit_ends_the_program) {
  expect_death("panic_after_goexit", "panic: during goexit");
}

bool thread_exists(pid_t tid) {
  return access(("/proc/self/task/" + std::to_string(tid)).c_str(), F_OK) == 0;
}

TEST(goroutine, GO_013_a_lock_keeps_the_goroutine_on_its_thread_and_everybody_else_off) {
  on_real_threads(20, [] {
    std::atomic<pid_t> locked{0};
    std::atomic<int> intruders{0};
    const chan<int> ping, pong;
    wait_group wg;
    wg.go([&] {
      lock_os_thread();
      locked = gettid();
      for (int i = 0; i < 200; ++i) {
        EXPECT_EQ(ping.recv(), i);
        EXPECT_EQ(gettid(), locked);
        pong << i;
        if (i % 50 == 0) sleep_for(100us);
        EXPECT_EQ(gettid(), locked);
      }
      locked = 0;
      unlock_os_thread();
    });
    for (int g = 0; g < 8; ++g) {
      wg.go([&] {
        for (int i = 0; i < 200; ++i) {
          if (gettid() == locked) ++intruders;
          yield();
        }
      });
    }
    for (int i = 0; i < 200; ++i) {
      ping << i;
      EXPECT_EQ(pong.recv(), i);
    }
    wg.wait();
    EXPECT_EQ(intruders, 0);
  });
}

TEST(goroutine, GO_013_locking_nests_and_an_unlock_too_many_does_nothing) {
  on_every_schedule([] {
    wait_group wg;
    wg.go([] {
      unlock_os_thread();
      lock_os_thread();
      lock_os_thread();
      const pid_t mine = gettid();
      unlock_os_thread();
      for (int i = 0; i < 20; ++i) yield();
      let_others_block();
      EXPECT_EQ(gettid(), mine);
      unlock_os_thread();
      unlock_os_thread();
      yield();
    });
    for (int i = 0; i < 4; ++i) wg.go([] { yield(); });
    wg.wait();
  });
}

TEST(goroutine, GO_013_a_goroutine_that_ends_locked_ends_its_thread) {
  for (int round = 0; round < 50; ++round) {
    const chan<pid_t> c;
    std::atomic<bool> own{true};
    go([&, c] {
      lock_os_thread();
      own = gettid() != getpid();  // the main thread only stops
      c << gettid();
    });
    const pid_t tid = c.recv();
    if (!own) continue;
    // Bounded by the test's time limit only: the thread ends soon, or never.
    while (thread_exists(tid)) sleep_for(100us);
  }
}

TEST(goroutine, GO_014_goroutines_run_in_parallel_on_max_procs_threads_which_may_change) {
  for (const int n : {2, 4, 3}) {
    const with_max_procs procs(n);
    EXPECT_EQ(max_procs(0), n);
    std::atomic<int> arrived{0};
    wait_group all;
    for (int i = 0; i < n; ++i) {
      all.go([&] {
        ++arrived;
        while (arrived < n) {  // only true parallelism ends this
        }
      });
    }
    all.wait();
  }
}

TEST(goroutine, GO_015_a_runaway_goroutine_cannot_stop_the_others) {
  const with_max_procs one(1);
  std::atomic<bool> stop{false};
  wait_group all;
  for (int i = 0; i < 2; ++i) {
    all.go([&] {
      while (!stop) {  // no operation, nothing to stop at
      }
    });
  }
  all.go([&] {
    yield();
    stop = true;
  });
  all.wait();
}

// Go's TestPingPongHog.
TEST(goroutine, GO_016_two_that_play_ping_pong_share_with_a_hog) {
  const auto game = [](auto hog_step) {
    chan<int> ping, pong;
    std::atomic<bool> stop{false};
    std::atomic<long> hogged{0};
    wait_group all;
    all.go([&] {
      while (!stop) {
        ++hogged;
        hog_step();
      }
    });
    all.go([&] {
      for (int v : ping) pong << v + 1;
      pong.close();
    });
    for (int i = 0; i < 100; ++i) {
      ping << i;
      EXPECT_EQ(pong.recv(), i + 1);
    }
    while (hogged < 10) yield();  // the players do not keep the hog out, either
    ping.close();
    stop = true;
    all.wait();
  };
  on_every_seed(50, [&] { game([] { yield(); }); });
  const with_max_procs one(1);
  on_real_threads(3, [&] { game([] {}); });
}

// Go's TestTimerFairness, TestTimerFairness2.
TEST(goroutine, GO_017_timers_fire_although_everybody_is_busy) {
  const auto busy = [](auto hog_step) {
    std::atomic<bool> stop{false};
    wait_group all;
    for (int i = 0; i < 3; ++i) {
      all.go([&] {
        while (!stop) hog_step();
      });
    }
    const timer t = after_func(1ms, [&] { stop = true; });
    all.wait();
  };
  // Virtual time moves after ten million turns.
  on_every_seed(detail::sanitized ? 2 : 10, [&] { busy([] { yield(); }); });
  const with_max_procs two(2);
  on_real_threads(3, [&] { busy([] { yield(); }); });
  on_real_threads(3, [&] { busy([] {}); });
}

TEST(goroutine, GO_018_a_blocking_system_call_does_not_hold_up_the_others) {
  const with_max_procs one(1);
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  wait_group all;
  for (int i = 0; i < 2; ++i) {
    all.go([&] {
      char c;
      EXPECT_EQ(read(ends[0], &c, 1), 1);  // as far as the runtime knows it computes
    });
  }
  all.go([&] {
    for (int i = 0; i < 100; ++i) yield();
    EXPECT_EQ(write(ends[1], "xy", 2), 2);
  });
  all.wait();
  close(ends[0]);
  close(ends[1]);
}

TEST(goroutine, GO_019_a_stack_that_exceeds_its_limit_is_fatal) {
  const auto matcher = testing::MatchesRegex(
      "runtime: goroutine stack exceeds [0-9]+-byte limit\nruntime: sp=0x[0-9a-f]+ stack=\\[0x[0-9a-f]+, "
      "0x[0-9a-f]+\\]\nfatal error: stack overflow\n");
  expect_on_every_schedule("stack_overflow", matcher, 2, "traceback=none");
  expect_on_every_schedule("stack_overflow_in_goroutine", matcher, 2, "traceback=none");
  for (const char* options : {"", "seed=1"})
    EXPECT_THAT(run("stack_overflow_beside_another", options).err,
                HasSubstr("\n\ngoroutine 2 [chan receive]:\n"));
}

[[gnu::noinline]] int depth_of(int n) {
  volatile char frame[100];
  frame[0] = static_cast<char>(n);
  return n == 0 ? 0 : depth_of(n - 1) + (frame[0] == static_cast<char>(n));
}

TEST(goroutine, GO_019_a_stack_grows_on_demand) {
  on_every_schedule([] {
    chan<int> depth;
    go([=] { depth << depth_of(1000); });
    EXPECT_EQ(depth.recv(), 1000);
    go({.stack_size = 4 << 20}, [=] { depth << depth_of(20'000); });
    EXPECT_EQ(depth.recv(), 20'000);
  });
}

std::int64_t resident_bytes() {
  std::int64_t size = 0, resident = 0;
  std::ifstream("/proc/self/statm") >> size >> resident;
  return resident * sysconf(_SC_PAGESIZE);
}

// Go measures 2.7 KB; our stacks come in pages.
TEST(goroutine, GO_021_a_parked_goroutine_takes_little_memory) {
  constexpr int n = 20'000;
  chan<void> leave;
  const std::int64_t before = resident_bytes();
  for (int i = 0; i < n; ++i) go([=] { leave.recv(); });
  until_waiting(wait_reason::chan_receive, n);
  EXPECT_LT((resident_bytes() - before) / n, 10 << 10);
  leave.close();
  while (num_goroutine() > 1) yield();
}

// A machine's /proc and /sys, as far as they tell of cgroups.
class machine {
 public:
  explicit machine(const std::string& cgroup, const std::string& mounts) {
    write("/proc/self/cgroup", cgroup);
    write("/proc/self/mountinfo", "22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw,cpu\n" + mounts);
  }
  ~machine() { std::filesystem::remove_all(root_); }
  machine(const machine&) = delete;
  machine& operator=(const machine&) = delete;

  void write(const std::string& path, const std::string& text) const {
    const std::filesystem::path at = root_ + path;
    std::filesystem::create_directories(at.parent_path());
    std::ofstream(at) << text;
  }
  std::optional<double> limit() const { return detail::cgroup_cpu_limit(root_); }

 private:
  std::string root_ = testing::TempDir() + "snag_machine_" + std::to_string(getpid());
};

TEST(goroutine, GO_022_the_default_is_at_most_the_cpu_limit_rounded_up_and_at_least_two) {
  const struct {
    int cpus;
    std::optional<double> limit;
    int procs;
  } rows[] = {{8, std::nullopt, 8}, {8, 4.0, 4},  {8, 3.01, 4}, {8, 2.0, 2}, {8, 0.5, 2}, {8, 7.5, 8},
              {8, 16.0, 8},         {8, 1e15, 8}, {1, 0.5, 1},  {1, 4.0, 1}, {2, 1.0, 2}};
  for (const auto& row : rows)
    EXPECT_EQ(detail::procs_within(row.cpus, row.limit), row.procs)
        << row.cpus << " " << row.limit.value_or(-1);
  if (std::getenv("SNAG_OPTIONS") == nullptr) {
    EXPECT_EQ(max_procs(0), detail::default_procs());
  }
}

TEST(goroutine, GO_022_version_2_has_the_limit_in_cpu_max) {
  const std::string cgroup2 = "30 22 0:26 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw\n";
  const machine m("0::/user.slice/app\n", cgroup2);
  EXPECT_EQ(m.limit(), std::nullopt);  // no such file: the controller is off
  const std::pair<const char*, std::optional<double>> rows[] = {
      {"250000 100000\n", 2.5},   {"max 100000\n", std::nullopt}, {"", std::nullopt},
      {"250000\n", std::nullopt}, {"250000 0\n", std::nullopt},   {"2x 100000\n", std::nullopt}};
  for (const auto& [text, limit] : rows) {
    m.write("/sys/fs/cgroup/user.slice/app/cpu.max", text);
    m.write("/sys/fs/cgroup/user.slice/cpu.max", "100000 100000\n");  // a parent's is not looked at
    EXPECT_EQ(m.limit(), limit) << text;
  }
}

TEST(goroutine, GO_022_version_1_has_it_in_two_files_and_goes_before_version_2) {
  const machine m(
      "4:memory:/m\n3:cpu,cpuacct:/app\n2:cpuset:/\n0::/unified\n",
      "29 22 0:24 / /sys/fs/cgroup/cpuset rw - cgroup cgroup rw,cpuset\n"
      "30 22 0:25 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw\n"
      "31 22 0:26 / /sys/fs/cgroup/cpu,cpuacct rw shared:9 master:3 - cgroup cgroup rw,cpu,cpuacct\n");
  const std::string folder = "/sys/fs/cgroup/cpu,cpuacct/app";
  m.write("/sys/fs/cgroup/unified/unified/cpu.max", "700000 100000\n");
  m.write(folder + "/cpu.cfs_period_us", "50000\n");
  m.write(folder + "/cpu.cfs_quota_us", "150000\n");
  EXPECT_EQ(m.limit(), 3.0);
  m.write(folder + "/cpu.cfs_quota_us", "-1\n");
  EXPECT_EQ(m.limit(), std::nullopt);
}

TEST(goroutine, GO_022_the_cgroup_is_found_below_the_root_of_its_mount) {
  const auto limit = [](const std::string& path, const std::string& root, const std::string& mounted_on,
                        const std::string& folder) {
    const machine m("0::" + path + "\n", "30 22 0:26 " + root + " " + mounted_on + " rw - cgroup2 none rw\n");
    m.write(folder + "/cpu.max", "400000 100000\n");
    return m.limit();
  };
  EXPECT_EQ(limit("/", "/", "/cg", "/cg"), 4.0);
  EXPECT_EQ(limit("/a/b", "/a", "/cg", "/cg/b"), 4.0);
  EXPECT_EQ(limit("/a/b", "/a/b", "/cg", "/cg"), 4.0);  // as in a container
  EXPECT_EQ(limit("/ab", "/a", "/cg", "/cg/b"), std::nullopt);
  EXPECT_EQ(limit("/../b", "/", "/cg", "/cg/../b"), std::nullopt);  // outside of the namespace
  EXPECT_EQ(limit("/../b", "/..", "/cg", "/cg/b"), 4.0);
  EXPECT_EQ(limit("/a", "/", R"(/c\040g\134)", "/c g\\/a"), 4.0);
  EXPECT_EQ(machine("0::/a\n", "").limit(), std::nullopt);
  EXPECT_EQ(machine("", "").limit(), std::nullopt);
  EXPECT_EQ(machine("rubbish\n\n:\n", "rubbish\n").limit(), std::nullopt);
}

TEST(goroutine, GO_023_no_order_is_promised_without_synchronisation) {
  std::set<std::string> orders;
  on_every_seed(50, [&] {
    std::string order;
    wait_group all;
    for (const char name : {'a', 'b', 'c'}) all.go([&order, name] { order += name; });
    all.wait();
    orders.insert(order);
  });
  EXPECT_GE(orders.size(), 4u) << "of six; each is legal";
}

}  // namespace
}  // namespace snag::test
