// SPDX-License-Identifier: Apache-2.0
// What Go itself prints, beside what we print: go/main.go is the same program. Registered only where Go is
// installed.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <string>
#include <vector>

#include "tests/conformance/processes.h"

namespace snag::test {
namespace {

std::string go_program() {
  static const std::string path = [] {
    std::string to = testing::TempDir() + "snag_go_scenarios";
    const std::string command = "cd " CONFORMANCE_GO_SOURCES
                                " && GOFLAGS=-mod=mod GOTOOLCHAIN=local " CONFORMANCE_GO " build -o " +
                                to + " . >&2";
    return std::system(command.c_str()) == 0 ? to : std::string();
  }();
  return path;
}

bool starts(const std::string& line, const char* with) { return line.rfind(with, 0) == 0; }

// Everything but functions, places, addresses and the numbers of goroutines other than main: of frames only
// that they are there. `whole`: what Go prints of itself in a dump by SIGQUIT (its own goroutines, registers)
// is left out.
std::string essence(const std::string& err) {
  std::vector<std::string> lines;
  bool in_frames = false;
  std::size_t from = 0;
  for (std::size_t to; (to = err.find('\n', from)) != std::string::npos; from = to + 1) {
    std::string line = err.substr(from, to - from);
    if (starts(line, "goroutine ")) {
      const std::size_t bracket = line.find('[');
      const bool is_main = starts(line, "goroutine 1 ");
      line = std::string(is_main ? "goroutine 1 " : "goroutine N ") + line.substr(bracket);
      in_frames = true;
    } else if (starts(line, "created by ")) {
      line = line.find(" in goroutine 1") != line.npos ? "created by F in goroutine 1" : "created by F";
    } else if (in_frames && !line.empty()) {
      line = line[0] == '\t' ? "\tPLACE" : "FRAME";
      if (lines.size() > 1 && line == "FRAME" && lines.back() == "\tPLACE") {  // one stands for all
        lines.pop_back();
        if (lines.back() == "FRAME") lines.pop_back();
      }
    } else if (const std::size_t address = line.find(") 0x");
               starts(line, "panic: (") && address != line.npos) {
      line = "panic: (TYPE) 0xADDRESS";
    } else if (starts(line, "panic: main.")) {
      line.erase(7, 5);
    }
    if (line.empty()) in_frames = false;
    lines.push_back(line);
  }
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  return text + err.substr(from);
}

class messages_go : public testing::TestWithParam<const char*> {};

TEST_P(messages_go, MS_like_the_installed_go) {
  ASSERT_NE(go_program(), "") << "go build failed";
  const outcome theirs = run_program(go_program().c_str(), GetParam());
  for (const char* options : {"", "seed=1"}) {
    const outcome ours = run(GetParam(), options);
    EXPECT_EQ(essence(ours.err), essence(theirs.err)) << "ours:\n" << ours.err << "\nGo's:\n" << theirs.err;
    EXPECT_EQ(ours.status, theirs.status);
  }
}

INSTANTIATE_TEST_SUITE_P(
    scenario, messages_go,
    testing::Values("panic_text", "panic_lines", "panic_error", "panic_stringer", "panic_int", "panic_bool",
                    "panic_double", "panic_large", "panic_precise", "panic_small", "panic_single",
                    "panic_zero", "panic_nan", "panic_infinite", "panic_enum", "throw_double", "throw_short",
                    "throw_byte", "panic_other", "panic_pointer", "panic_in_goroutine", "panic_not_deep",
                    "panic_in_defer", "panic_in_defer_after_another", "panic_in_defer_of_defer",
                    "panic_in_defer_of_once_func", "panic_recovered_in_defer", "panic_repanicked_in_defer",
                    "panic_in_defer_of_recovery", "panic_repanicked_and_another", "panic_another_repanicked",
                    "panic_three", "panic_recovered", "panic_repanicked", "panic_after_goexit",
                    "panic_beside_another", "unlock_beside_another", "go_nil_beside_another",
                    "panic_all_defers", "send_closed", "close_closed", "close_nil", "wait_group_negative",
                    "unlock_unlocked", "rw_unlock_unlocked", "rw_runlock_unlocked", "go_nil", "unlock_in_try",
                    "exit_7", "main_returns", "goexit_alone", "goexit_others_first", "goexit_others_stuck",
                    "deadlock_receive", "deadlock_send", "deadlock_receive_nil", "deadlock_send_nil",
                    "deadlock_select", "deadlock_select_receive", "deadlock_select_send",
                    "deadlock_select_receive_nil", "deadlock_select_send_nil", "deadlock_select_nil",
                    "deadlock_select_none", "deadlock_mutex", "deadlock_rlock", "deadlock_wlock",
                    "deadlock_wait_group", "deadlock_cond", "deadlock_range", "deadlock_main_alone",
                    "deadlock_locked", "deadlock_locked_goroutine", "deadlock_locked_main_gone",
                    "deadlock_after_timer"),
    [](const auto& scenario) { return std::string(scenario.param); });

// The parts of it that are not Go's own.
TEST(messages_go, MS_010_sigquit_like_the_installed_go) {
  ASSERT_NE(go_program(), "");
  const auto first_lines = [](const outcome& o) {
    const std::size_t second = o.err.find('\n') + 1;
    return o.err.substr(0, second) + o.err.substr(second, o.err.find("0x", second) - second);
  };
  for (const char* scenario : {"quit_receive", "quit_sleep"}) {
    const outcome theirs = run_program(go_program().c_str(), scenario), ours = run(scenario);
    EXPECT_EQ(first_lines(ours), first_lines(theirs));
    EXPECT_EQ(ours.status, theirs.status);
    const std::string wait = scenario == std::string("quit_receive") ? " [chan receive]:\n" : " [sleep]:\n";
    EXPECT_THAT(theirs.err, testing::HasSubstr(wait));
    EXPECT_THAT(ours.err, testing::HasSubstr(wait));
  }
}

TEST(messages_go, MS_011_traceback_like_gotraceback_of_the_installed_go) {
  ASSERT_NE(go_program(), "");
  for (const char* scenario : {"panic_in_goroutine", "deadlock_receive", "unlock_unlocked"}) {
    for (const std::string level : {"none", "single", "all"}) {
      const outcome theirs = run_program(go_program().c_str(), scenario, "GOTRACEBACK=" + level);
      const outcome ours = run(scenario, "traceback=" + level);
      EXPECT_EQ(essence(ours.err), essence(theirs.err)) << scenario << " " << level;
      EXPECT_EQ(ours.status, theirs.status);
    }
  }
  EXPECT_EQ(run("panic_text", "traceback=crash").status,
            run_program(go_program().c_str(), "panic_text", "GOTRACEBACK=crash").status);
}

TEST(messages_go, MS_012_stack_overflow_and_elision_like_the_installed_go) {
  ASSERT_NE(go_program(), "");
  const auto has_all = [](const outcome& o) {
    EXPECT_THAT(o.err, testing::StartsWith("runtime: goroutine stack exceeds "));
    EXPECT_THAT(o.err, testing::HasSubstr("-byte limit\nruntime: sp=0x"));
    EXPECT_THAT(o.err, testing::HasSubstr("]\nfatal error: stack overflow\n\n"));
    EXPECT_THAT(o.err, testing::HasSubstr(" frames elided...\n"));
    EXPECT_EQ(o.status, 2);
  };
  has_all(run_program(go_program().c_str(), "stack_overflow"));
  has_all(run("stack_overflow"));
  const auto shown = [](const outcome& o) {
    int places = 0;
    const std::size_t gap = o.err.find(" frames elided...\n");
    for (std::size_t at = o.err.find("\n\t"); at != std::string::npos && at < gap;
         at = o.err.find("\n\t", at + 1))
      ++places;
    return places;
  };
  EXPECT_EQ(shown(run("panic_deep")), shown(run_program(go_program().c_str(), "panic_deep")));
}

}  // namespace
}  // namespace snag::test
