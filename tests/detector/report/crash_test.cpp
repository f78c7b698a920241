// SPDX-License-Identifier: Apache-2.0
// Fatal signals: what is said of them, and that a program which sets their default action again does not lose
// its findings. (How each of them ends a process: ending_test.cpp.)
#include "detector/src/crash.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <nlohmann/json.hpp>
#include <thread>

#include "detector/hooks.h"
#include "detector/src/fault_place.h"
#include "tests/detector/report/child.h"
#include "tests/detector/report/races.h"

namespace snag::detector {
namespace {

using test::in_child;
using test::outcome;
using testing::HasSubstr;
using testing::Not;

outcome ends(const std::function<void()>& how, std::map<std::string, std::string> options = {}) {
  return in_child([&] {
    const rlimit no_core{0, 0};
    setrlimit(RLIMIT_CORE, &no_core);
    fake::reset();
    fake::the_world().options = options;
    start_reporter();
    report(fake::make_counter_race().race);
    how();
  });
}
void crash_by_null() {
  volatile int* volatile nowhere = nullptr;
  *nowhere = 1;
}
void log_and_raise_again(int number) {
  [[maybe_unused]] const auto n = ::write(STDOUT_FILENO, "logged", 6);
  signal(number, SIG_DFL);
  raise(number);
}

TEST(crash, a_handler_that_resets_and_raises_again_keeps_findings) {
  for (const int number : {SIGSEGV, SIGABRT, SIGTERM}) {
    const outcome o = ends([number] {
      signal(number, log_and_raise_again);
      raise(number);
    });
    EXPECT_EQ(o.status, 66) << o.err;
    EXPECT_EQ(o.out, "logged");
    EXPECT_TRUE(o.err.ends_with("Found 1 data race(s)\n")) << o.err;
  }
}
TEST(crash, a_handler_that_resets_and_returns_meets_the_fault_again) {
  const outcome o = ends(
      [] {
        signal(SIGSEGV, [](int number) { signal(number, SIG_DFL); });
        crash_by_null();
      },
      {{"report_format", "json"}});
  EXPECT_EQ(o.status, 66) << o.err;
  const auto d = nlohmann::json::parse(o.err.substr(o.err.find("\n{") + 1));
  EXPECT_EQ(d["run"]["end"], "crashed");
  EXPECT_EQ(d["findings"].size(), 1u);
}
TEST(crash, a_handler_to_be_reset_when_called_is_called_once) {
  const outcome o = ends([] {
    struct sigaction once{}, told{};
    once.sa_handler = [](int) { [[maybe_unused]] const auto n = ::write(STDOUT_FILENO, "once", 4); };
    once.sa_flags = static_cast<int>(SA_RESETHAND);
    sigaction(SIGSEGV, &once, nullptr);
    sigaction(SIGSEGV, nullptr, &told);
    if (told.sa_handler != once.sa_handler) _exit(9);
    crash_by_null();
  });
  EXPECT_EQ(o.out, "once");
  EXPECT_EQ(o.status, 66);
  EXPECT_THAT(o.err, HasSubstr("program crashed: SIGSEGV at 0x0"));
}
TEST(crash, the_program_sees_the_actions_that_it_set) {
  const outcome o = ends([] {
    const auto mine = [](int) {};
    struct sigaction told{};
    if (sigaction(SIGSEGV, nullptr, &told) != 0 || told.sa_handler != SIG_DFL) abort();
    if (signal(SIGSEGV, mine) != SIG_DFL || signal(SIGSEGV, SIG_IGN) != mine) abort();
    if (signal(SIGSEGV, SIG_DFL) != SIG_IGN || signal(SIGSEGV, mine) != SIG_DFL) abort();
    if (signal(SIGKILL, mine) != SIG_ERR || signal(SIGCHLD, mine) != SIG_DFL) abort();
    printf("fine");
  });
  EXPECT_EQ(o.out, "fine") << o.err;
}

TEST(crash, a_signal_that_the_program_raised_is_its_own) {
  EXPECT_THAT(ends([] { raise(SIGSEGV); }).err, HasSubstr("crashed: SIGSEGV raised by the program"));
  const outcome o = ends([] {
    const pid_t parent = getpid(), child = fork();
    if (child == 0) {
      kill(parent, SIGSEGV);
      syscall(SYS_exit, 0);
    }
    pause();
  });
  EXPECT_THAT(o.err, HasSubstr("crashed: SIGSEGV sent by process "));
}
[[gnu::noinline]] int recurse(int n) {
  volatile char room[4096];
  room[0] = static_cast<char>(n);
  return n == -1 ? 0 : recurse(n + 1) + room[0];
}
TEST(crash, an_exhausted_stack_is_called_so) {
  const auto exhausted = [] {
    std::thread([] {
      thread_started();
      recurse(0);
    }).join();
  };
  EXPECT_THAT(ends(exhausted).err, HasSubstr("crashed: stack overflow, SIGSEGV at 0x"));
  EXPECT_THAT(ends(crash_by_null).err, Not(HasSubstr("overflow")));
}

TEST(crash, a_fault_of_the_shadow_is_told_as_the_programs_address) {
  constexpr std::uint64_t wild = 0x1234'5678'9000;
  siginfo_t info{};
  info.si_signo = SIGSEGV;
  ucontext_t context{};
  context.uc_mcontext.gregs[REG_RSP] = 0x7fff'0000'0000;
  const auto told = [&](std::uint64_t faulted) {
    info.si_addr = reinterpret_cast<void*>(faulted);
    return place_of_fault(info, context).address;
  };
  EXPECT_EQ(told(wild ^ hooks::write_plane), wild ^ hooks::write_plane)
      << "nobody was about to use the other";
  context.uc_mcontext.gregs[REG_R12] = wild - 40;
  EXPECT_EQ(told(wild ^ hooks::write_plane), wild);
  EXPECT_EQ(told(wild ^ hooks::read_plane), wild);
  EXPECT_EQ(told(wild), wild);
  EXPECT_EQ(told(0x7800'0000'1000), 0x7800'0000'1000);
}

}  // namespace
}  // namespace snag::detector
