// SPDX-License-Identifier: Apache-2.0
// One program with many endings, run by process_test as `program CASE`.
#include <signal.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>

#include <sys/wait.h>

#include <fmt/format.h>

#include "snag/chan.h"
#include "snag/defer.h"
#include "snag/go.h"
#include "snag/mutex.h"
#include "snag/panic.h"
#include "snag/println.h"
#include "snag/runtime.h"
#include "tests/runtime/gate.h"

namespace {

using snag::test::gate;
using namespace std::chrono_literals;

struct says_goodbye {
  const char* text;
  ~says_goodbye() { std::printf("%s\n", text); }
};
says_goodbye global{"static destructor"};

// A goroutine may be started before main.
std::string early = [] {
  static std::string seen = "nothing";
  static gate done;
  snag::go([] { seen = "goroutine before main", done.add(); });
  done.take();
  return seen;
}();

int main_returns_first() {
  snag::go([] {
    says_goodbye never{"must not be seen"};
    for (;;) snag::yield();
  });
  snag::go([] { gate().take(); });
  for (int i = 0; i < 100; ++i) snag::yield();
  std::atexit([] { std::printf("atexit\n"); });
  return 7;
}

int exception_leaves_main() {
  snag::defer d([] { std::printf("main's defer\n"); });
  throw std::runtime_error("from main");
}

int interleaving() {
  std::string order;
  gate done;
  for (const char name : {'a', 'b', 'c'})
    snag::go([&, name] {
      for (int i = 0; i < 4; ++i) {
        order += name;
        snag::yield();
      }
      done.add();
    });
  done.take(3);
  snag::println("{}", order);
  return 0;
}

int addresses() {
  int local = 0;
  snag::println("{} {} {}", fmt::ptr(&local), fmt::ptr(&global), fmt::ptr(std::make_unique<int>().get()));
  return 0;
}

int sleeps_an_hour() {
  snag::test::sleep_for(1h);
  snag::println("slept");
  return 0;
}

int forks() {
  gate never, done;
  snag::go([&] { never.take(); });
  for (int i = 0; i < 10; ++i) snag::yield();
  std::fflush(stdout);
  const pid_t child = fork();
  if (child == 0) {
    if (snag::num_goroutine() != 1) _exit(1);
    int sum = 0;
    for (int i = 0; i < 100; ++i) snag::go([&] { ++sum, done.add(); });
    done.take(100);
    snag::println("child {}", sum);
    std::exit(3);
  }
  int status = 0;
  waitpid(child, &status, 0);
  snag::println("child ended with {}", WEXITSTATUS(status));
  snag::go([&] { done.add(); });
  done.take();
  return 0;
}

int destructor_uses_goroutines() {
  struct late {
    ~late() {
      gate done;
      snag::go([&] { done.add(); });
      done.take();
      std::printf("ran after main\n");
    }
  };
  static late l;
  return 0;
}

int println_from_many() {
  gate done;
  for (int i = 0; i < 8; ++i)
    snag::go([&, i] {
      for (int k = 0; k < 200; ++k) snag::println("{}{}{}{}{}{}{}{}", i, i, i, i, i, i, i, i);
      done.add();
    });
  done.take(8);
  return 0;
}

int crash_after_printing() {
  std::printf("printed before, ");
  snag::println("line");
  std::printf("unfinished");
  snag::panic("end");
}

int goexit_alone() {
  snag::go([] {
    snag::test::sleep_for(10ms);
    snag::println("the other one");
  });
  says_goodbye local{"main's local"};
  snag::goexit();
}

int goexit_with_others_stuck() {
  snag::go([] { gate().take(); });
  snag::goexit();
}

int pthread_exit_in_main() {
  snag::go([] {
    snag::test::sleep_for(10ms);
    snag::println("a goroutine");
  });
  std::thread([] {
    usleep(10'000);
    snag::println("a thread");
  }).detach();
  says_goodbye local{"main's local"};
  pthread_exit(nullptr);
}

int pthread_exit_in_goroutine() {
  snag::go([] { pthread_exit(nullptr); });
  gate().take();
  return 0;
}

// A destructor of static storage starts and joins a thread, while another thread goes on for ever.
int exits_beside_a_thread() {
  static const struct starter {
    ~starter() {
      std::thread([] { usleep(1000); }).join();
      std::puts("joined");
    }
  } last;
  std::thread([] {
    for (;;) usleep(1000);
  }).detach();
  return 0;
}

// What a goroutine learns of itself after it has come to another thread, in one function: nothing may be kept
// from before.
int migrates() {
  std::atomic<int> moved{0};
  gate done;
  constexpr int goroutines = 8, enough = 4000;
  for (int i = 0; i < goroutines; ++i)
    snag::go([&] {
      const auto id = snag::goroutine_id();
      for (int k = 0; moved < enough; ++k) {
        const pid_t before = gettid();
        errno = k;
        snag::yield();
        if (snag::goroutine_id() != id) std::_Exit(3);
        [k]() __attribute__((noinline)) {
          if (errno != k) std::_Exit(4);
        }();
        moved += gettid() != before;
      }
      done.add();
    });
  done.take(goroutines);
  snag::println("migrated");
  return 0;
}

// Statics that are destroyed while goroutines use them.
int statics_in_use() {
  static const snag::chan<int> channel(1);
  static snag::mutex lock;
  static std::string text = "long enough for the heap, so that its end would show";
  for (int i = 0; i < 8; ++i)
    snag::go([] {
      for (;;) {
        {
          const std::lock_guard hold(lock);
          text[0] = 'l';
        }
        if (!channel.try_send(1)) static_cast<void>(channel.try_recv());
        snag::yield();
      }
    });
  for (int i = 0; i < 200; ++i) snag::yield();
  return 0;
}

// The panic is more than a pipe holds: it is still being printed when main returns.
int main_returns_beside_a_panic() {
  snag::go([] { snag::panic(std::string(1 << 20, 'x')); });
  for (int printed = 0; printed == 0;) {
    snag::yield();
    ioctl(STDERR_FILENO, FIONREAD, &printed);
  }
  return 0;
}

const std::map<std::string, int (*)()> cases = {
    {"main_returns_beside_a_panic", main_returns_beside_a_panic},
    {"migrates", migrates},
    {"statics_in_use", statics_in_use},
    {"pthread_exit_in_main", pthread_exit_in_main},
    {"pthread_exit_in_goroutine", pthread_exit_in_goroutine},
    {"exits_beside_a_thread", exits_beside_a_thread},
    {"main_returns_first", main_returns_first},
    {"exception_leaves_main", exception_leaves_main},
    {"interleaving", interleaving},
    {"addresses", addresses},
    {"sleeps_an_hour", sleeps_an_hour},
    {"forks", forks},
    {"destructor_uses_goroutines", destructor_uses_goroutines},
    {"println_from_many", println_from_many},
    {"crash_after_printing", crash_after_printing},
    {"early", [] { return snag::println("{}", early), 0; }},
    {"goexit_alone", goexit_alone},
    {"goexit_with_others_stuck", goexit_with_others_stuck},
    {"quits", [] { return raise(SIGQUIT); }},
    {"exits",
     [] {
       std::exit(5);
       return 0;
     }},
};

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) return 64;
  const auto found = cases.find(argv[1]);
  return found == cases.end() ? 64 : found->second();
}
