// SPDX-License-Identifier: Apache-2.0
// Races on `balance`, then ends in the way that the argument names.
#include <snag/panic.h>
#include <snag/time.h>
#include <snag/wait_group.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <map>
#include <stdexcept>
#include <string>
#include <thread>

static int balance = 0;

static void race() {
  snag::wait_group group;
  group.go([] { balance += 10; });
  balance += 1;
  group.wait();
}

static int overflow(volatile int depth) {
  volatile char page[4096];
  page[0] = static_cast<char>(depth);
  return overflow(depth + 1) + page[0];
}

static void crash() {
  int* volatile nowhere = nullptr;
  *nowhere = 1;
}

[[noreturn]] static void wait_for_ever() {
  while (true) snag::sleep_for(std::chrono::hours(1));
}

static void in_goroutine(std::function<void()> f) {
  snag::wait_group group;
  group.go(f);
  group.wait();
}

static void end_of_child(pid_t child) {
  int status = 0;
  waitpid(child, &status, 0);
  std::printf("child ended with %d\n", WEXITSTATUS(status));
}

static void fork_and_return() {
  std::fflush(stdout);
  const pid_t child = fork();
  if (child == 0) _exit(5);
  end_of_child(child);
}

static void fork_and_execute() {
  std::fflush(stdout);
  const pid_t child = fork();
  if (child == 0) {
    execl("/bin/echo", "echo", "from the child", nullptr);
    _exit(1);
  }
  end_of_child(child);
}

static void exhaust_memory() {
  volatile std::size_t more = std::size_t{1} << 46;
  volatile char* block = new char[more];
  block[0] = 1;
}

// Reaches the other thread by a signal of libc's own.
static void set_group() {
  std::thread other([] { usleep(10'000); });
  std::printf("setgid: %d\n", setgid(getgid()));
  other.join();
}

static const std::map<std::string, std::function<void()>> endings = {
    {"nothing", [] {}},
    {"crash", crash},
    {"crash_in_goroutine", [] { in_goroutine(crash); }},
    {"abort", [] { std::abort(); }},
    {"exit", [] { std::exit(0); }},
    {"exit_in_goroutine", [] { in_goroutine([] { std::exit(0); }); }},
    {"_exit", [] { _exit(0); }},
    {"quick_exit", [] { std::quick_exit(0); }},
    {"fork", fork_and_return},
    {"fork_exec", fork_and_execute},
    {"panic", [] { snag::panic("enough"); }},
    {"throw", [] { in_goroutine([] { throw std::runtime_error("no such page"); }); }},
    {"throw_in_main", [] { throw std::runtime_error("no such page"); }},
    {"overflow", [] { in_goroutine([] { std::printf("%d\n", overflow(0)); }); }},
    {"out_of_memory", exhaust_memory},
    {"set_group", set_group},
    {"wait",
     [] {
       std::puts("ready");
       std::fflush(stdout);
       wait_for_ever();
     }},
    {"chatter",
     [] {
       while (std::puts("more") >= 0 && std::fflush(stdout) == 0) continue;
     }},
};

int main(int argc, char** argv) {
  race();
  endings.at(argc > 1 ? argv[1] : "nothing")();
}
