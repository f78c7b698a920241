// SPDX-License-Identifier: Apache-2.0
// Go, runtime/panic.go and traceback.go: what a dying program prints; rules MS-001 to MS-016.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>
#include <string>

#include "runtime/src/dump.h"
#include "runtime/src/futex.h"
#include "tests/conformance/processes.h"
#include "tests/conformance/waiting.h"

namespace snag::test {
namespace {

using testing::AllOf;
using testing::ContainsRegex;
using testing::HasSubstr;
using testing::MatchesRegex;
using testing::Not;
using testing::StartsWith;

int count_of(const std::string& text, const std::string& pattern) {
  const std::regex expression(pattern, std::regex::multiline);
  return static_cast<int>(
      std::distance(std::sregex_iterator(text.begin(), text.end(), expression), std::sregex_iterator()));
}

TEST(messages, MS_001_the_first_line_is_panic_or_fatal_error_and_the_text) {
  expect_death("panic_text", "panic: boom");
  expect_death("unlock_unlocked", "fatal error: sync: unlock of unlocked mutex");
}

TEST(messages, MS_001_also_before_main) {
  setenv("PANIC_BEFORE_MAIN", "1", 1);
  expect_death("main_returns", "panic: before main");
  unsetenv("PANIC_BEFORE_MAIN");
}

TEST(messages, MS_002_then_an_empty_line_the_goroutine_and_its_frames) {
  for (const char* options : {"", "seed=1"})
    EXPECT_THAT(run("panic_text", options).err,
                MatchesRegex("panic: boom\n\ngoroutine 1 \\[running\\]:\n([^\n]+\n\t[^\n]+\n)+"));
}

TEST(messages, MS_003_a_frame_is_the_function_and_then_file_line_and_offset) {
  const std::string err = run("panic_deep").err;
  EXPECT_THAT(err, ContainsRegex("deep\\(int\\)\n\t/[^\n]*process_program\\.cpp:[0-9]+ \\+0x[0-9a-f]+\n"));
  EXPECT_EQ(count_of(err, "\\+0x[0-9a-f]{9}"), 0) << "an address is no offset";
}

TEST(messages, MS_004_the_last_frame_says_who_created_the_goroutine) {
  for (const char* options : {"", "seed=1"}) {
    EXPECT_THAT(
        run("panic_in_goroutine", options).err,
        ContainsRegex("\ncreated by [^\n]+ in goroutine 1\n\t/[^\n]*process_program\\.cpp:[0-9]+[^\n]*\n$"));
    EXPECT_THAT(run("panic_text", options).err, Not(HasSubstr("created by")));
  }
}

TEST(messages, MS_005_further_lines_of_a_message_are_indented_by_a_tab) {
  expect_death("panic_lines", "panic: one\n\ttwo\n\tthree");
}

TEST(messages, MS_006_waits_of_a_minute_or_more_say_how_many) {
  for (int seed = 1; seed <= 10 && !HasFailure(); ++seed) {
    const std::string err = run("waits_minutes", "seed=" + std::to_string(seed)).err;
    EXPECT_THAT(err, HasSubstr(" [chan receive, 5 minutes, name \"waits\"]:\n"));
    EXPECT_THAT(err, HasSubstr(" [sleep, 5 minutes, name \"sleeps\"]:\n"));
    EXPECT_THAT(err, HasSubstr(" [chan receive, name \"new\"]:\n"));
  }
}

TEST(messages, MS_006_a_locked_goroutine_says_so) {
  for (const char* options : {"", "seed=1", "seed=2"}) {
    EXPECT_THAT(run("deadlock_locked", options).err,
                HasSubstr("\n\ngoroutine 1 [chan receive, locked to thread]:\n"));
    const std::string err = run("deadlock_locked_goroutine", options).err;
    EXPECT_THAT(err, HasSubstr("\n\ngoroutine 1 [chan receive (nil chan)]:\n"));
    EXPECT_THAT(err, HasSubstr("\n\ngoroutine 2 [chan receive, locked to thread]:\n"));
  }
}

std::string header_of(const detail::goroutine& g) {
  testing::internal::CaptureStderr();
  {
    detail::dump_writer out;
    detail::dump_suspended(out, g);
  }
  const std::string text = testing::internal::GetCapturedStderr();
  return text.substr(0, text.find('\n', 1));
}

TEST(messages, MS_006_in_real_time_the_monitor_notes_since_when) {
  chan<int> c;
  std::atomic<detail::goroutine*> waiter{nullptr};
  go([&] {
    waiter = &detail::current();
    c.recv();
  });
  until_waiting(events::wait_reason::chan_receive);
  detail::goroutine& g = *waiter.load();
  while (g.waits_since == 0) yield();
  const std::uint32_t noted = g.waits_since, time = detail::coarse_time(detail::now_real());
  EXPECT_LE(noted, time);
  EXPECT_GT(noted + 60, time);
  EXPECT_THAT(header_of(g), MatchesRegex("\ngoroutine [0-9]+ \\[chan receive\\]:"));
  g.waits_since = time - 50;
  EXPECT_THAT(header_of(g), MatchesRegex("\ngoroutine [0-9]+ \\[chan receive\\]:"));
  g.waits_since = time - 61;
  EXPECT_THAT(header_of(g), MatchesRegex("\ngoroutine [0-9]+ \\[chan receive, 1 minutes\\]:"));
  g.waits_since = time - 7'200;
  EXPECT_THAT(header_of(g), MatchesRegex("\ngoroutine [0-9]+ \\[chan receive, 120 minutes\\]:"));
  c << 1;
}

TEST(messages, MS_007_the_wait_reasons_are_gos) {
  for (int seed = 0; seed <= 50 && !HasFailure(); ++seed) {
    const outcome o = run("deadlock_everywhere", seed == 0 ? "" : "seed=" + std::to_string(seed));
    EXPECT_EQ(o.status, 2);
    EXPECT_EQ(count_of(o.err, "^goroutine \\d+ \\["), 12) << o.err;
    // The goroutines are named after what they wait for.
    for (const char* reason : {"chan receive", "chan send", "chan receive (nil chan)", "chan send (nil chan)",
                               "select", "select (no cases)", "sync.Cond.Wait"}) {
      EXPECT_THAT(o.err, HasSubstr("[" + std::string(reason) + ", name \"" + reason + "\"]:\n")) << seed;
    }
  }
}

TEST(messages, MS_007_sleep_is_one_of_them) { EXPECT_THAT(run("quit_sleep").err, HasSubstr(" [sleep]:\n")); }

TEST(messages, MS_008_and_those_of_later_go) {
  for (int seed = 0; seed <= 10 && !HasFailure(); ++seed) {
    const outcome o = run("deadlock_everywhere", seed == 0 ? "" : "seed=" + std::to_string(seed));
    for (const char* reason :
         {"sync.Mutex.Lock", "sync.RWMutex.Lock", "sync.RWMutex.RLock", "sync.WaitGroup.Wait"})
      EXPECT_THAT(o.err, HasSubstr("[" + std::string(reason) + ", name \"" + reason + "\"]:\n")) << seed;
  }
}

TEST(messages, MS_009_the_status_is_2) {
  for (const char* scenario : {"panic_text", "panic_error", "panic_in_thread", "unlock_unlocked", "go_nil",
                               "deadlock_main_alone", "goexit_alone", "stack_overflow", "send_closed"})
    expect_on_every_schedule(scenario, testing::_, 2, "traceback=none");
}

TEST(messages, MS_010_sigquit_prints_every_goroutine_and_exits_2) {
  for (const char* scenario : {"quit_receive", "quit_sleep", "quit_running"}) {
    const outcome o = run(scenario);
    EXPECT_THAT(o.err, MatchesRegex("SIGQUIT: quit\nPC=0x[0-9a-f]+ m=[0-9]+ sigcode=0\n\n(.|\n)*"))
        << scenario;
    EXPECT_EQ(count_of(o.err, "^goroutine \\d+ \\["), 2) << o.err;
    EXPECT_EQ(o.status, 2);
    if (std::string(scenario) == "quit_running") continue;  // which never gives way, so nobody else runs
    expect_on_every_schedule(scenario, StartsWith("SIGQUIT: quit\nPC=0x"), 2, "traceback=none");
  }
}

TEST(messages, MS_011_traceback_selects_what_is_printed) {
  const auto goroutines = [](const char* scenario, const char* options) {
    return count_of(run(scenario, options).err, "^goroutine \\d+ \\[");
  };
  for (const std::string seed : {"", "seed=1 "}) {
    EXPECT_EQ(goroutines("panic_in_goroutine", seed.c_str()), 1);
    EXPECT_EQ(goroutines("panic_in_goroutine", (seed + "traceback=single").c_str()), 1);
    EXPECT_EQ(goroutines("panic_in_goroutine", (seed + "traceback=none").c_str()), 0);
    EXPECT_EQ(goroutines("panic_in_goroutine", (seed + "traceback=all").c_str()), 2);
    EXPECT_EQ(goroutines("deadlock_receive", seed.c_str()), 2) << "a deadlock is nobody's: all are shown";
    EXPECT_EQ(goroutines("deadlock_receive", (seed + "traceback=none").c_str()), 0);
    EXPECT_EQ(goroutines("panic_beside_another", seed.c_str()), 1);
    EXPECT_EQ(goroutines("unlock_beside_another", seed.c_str()), 1);
    EXPECT_EQ(goroutines("go_nil_beside_another", seed.c_str()), 2) << "as Go does";
    EXPECT_EQ(goroutines("go_nil_beside_another", (seed + "traceback=none").c_str()), 0);
    EXPECT_THAT(run("panic_text", seed).err, Not(HasSubstr("snag::detail::")));
    EXPECT_THAT(run("panic_text", seed + "traceback=system").err, HasSubstr("snag::detail::throw_panic"));
    const outcome crashed = run("panic_in_goroutine", seed + "traceback=crash");
    EXPECT_EQ(crashed.status, 128 + SIGABRT);
    EXPECT_EQ(count_of(crashed.err, "^goroutine \\d+ \\["), 2);
  }
  const outcome wrong = run("panic_text", "traceback=some");
  EXPECT_EQ(wrong.status, 64);
  EXPECT_THAT(wrong.err, StartsWith("snag: SNAG_OPTIONS: traceback=some: expected none, single, all"));
}

TEST(messages, MS_012_deep_stacks_show_50_frames_at_either_end) {
  for (const char* scenario : {"panic_deep", "deadlock_deep", "stack_overflow"}) {
    const std::string err = run(scenario).err;
    const std::size_t gap = err.find(" frames elided...\n");
    ASSERT_NE(gap, std::string::npos) << err;
    EXPECT_EQ(count_of(err, "^\\.\\.\\.\\d+ frames elided\\.\\.\\.$"), 1);
    EXPECT_EQ(count_of(err.substr(0, gap), "^\t"), 50) << scenario;
    EXPECT_EQ(count_of(err.substr(gap), "^\t"), 50) << scenario;
    EXPECT_THAT(err, HasSubstr("\nmain()\n"));
  }
  // 201 calls and main, less what is shown.
  EXPECT_THAT(run("panic_deep").err, HasSubstr("...102 frames elided...\n"));
  const std::string whole = run("panic_not_deep").err;
  EXPECT_THAT(whole, Not(HasSubstr("elided")));
  EXPECT_EQ(count_of(whole, "deep\\(int\\)"), 51);
}

TEST(messages, MS_013_a_deadlock_is_a_fatal_error_followed_by_all_goroutines) {
  for (const char* options : {"", "seed=1"})
    EXPECT_THAT(run("deadlock_send", options).err,
                MatchesRegex("fatal error: all goroutines are asleep - deadlock!\n\n"
                             "goroutine 1 \\[chan receive \\(nil chan\\)\\]:\n([^\n]+\n)+\n"
                             "goroutine 2 \\[chan send\\]:\n([^\n]+\n)+"));
  expect_death("deadlock_send", "fatal error: all goroutines are asleep - deadlock!");
}

TEST(messages, MS_014_a_goroutines_name_appears_in_its_header) {
  for (const char* options : {"", "seed=1", "seed=2"})
    EXPECT_THAT(run("deadlock_named", options).err,
                HasSubstr("\ngoroutine 2 [chan send, name \"feeder\"]:\n"));
}

TEST(messages, MS_015_one_dump_on_stderr_even_if_many_panic_at_once) {
  for (int i = 0; i < 20 && !HasFailure(); ++i) {
    const outcome o = run("panic_many", "max_procs=8");
    EXPECT_THAT(
        o.err, MatchesRegex("panic: number [0-9]+ of many\n\tsecond line\n\ngoroutine [0-9]+ \\[running\\]:\n"
                            "([^\n]+\n\t[^\n]+\n)+"));
    EXPECT_EQ(count_of(o.err, "panic: "), 1);
  }
  expect_on_every_schedule("panic_many", MatchesRegex("panic: number [0-9]+ of many\n\tsecond line\n"), 2,
                           "traceback=none");
}

TEST(messages, MS_016_crash_output_is_copied_to_a_file) {
  const std::string path = testing::TempDir() + "snag_crash_output";
  const auto copy = [&] {
    std::ostringstream text;
    text << std::ifstream(path).rdbuf();
    return text.str();
  };
  for (const char* scenario :
       {"panic_in_goroutine", "deadlock_receive", "unlock_unlocked", "stack_overflow", "quit_fresh"}) {
    const outcome o = run(scenario, "crash_output=" + path);
    EXPECT_EQ(copy(), o.err) << scenario;
    EXPECT_THAT(o.err, HasSubstr("\ngoroutine "));
  }
  EXPECT_EQ(run("main_returns", "crash_output=" + path).status, 0);
  EXPECT_EQ(copy(), "");
  std::remove(path.c_str());
  EXPECT_EQ(run("panic_text", "crash_output=/nonexistent/file").status, 64);
}

}  // namespace
}  // namespace snag::test
