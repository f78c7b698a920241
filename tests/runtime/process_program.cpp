// SPDX-License-Identifier: Apache-2.0
// One program with many endings, run by process_test as `program CASE`.
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <iterator>
#include <map>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <sys/wait.h>

#include <fmt/format.h>

#include "snag/blocking.h"
#include "snag/chan.h"
#include "snag/defer.h"
#include "snag/go.h"
#include "snag/mutex.h"
#include "snag/panic.h"
#include "snag/println.h"
#include "snag/runtime.h"
#include "snag/time.h"
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

// How it ends; a child that hangs is killed.
int status_of(pid_t child) {
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}
template <class F>
int status_of_child(F f) {
  const pid_t child = fork();
  if (child != 0) return status_of(child);
  alarm(30);
  _exit(f());
}

int forks() {
  gate never, done;
  snag::go([&] { never.take(); });
  for (int i = 0; i < 10; ++i) snag::yield();
  std::fflush(stdout);
  const pid_t child = fork();
  if (child == 0) {
    alarm(30);
    if (snag::num_goroutine() != 1) _exit(1);
    std::atomic<int> sum{0};
    for (int i = 0; i < 100; ++i) snag::go([&] { ++sum, done.add(); });
    done.take(100);
    snag::println("child {}", sum.load());
    std::exit(3);
  }
  snag::println("child ended with {}", status_of(child));
  snag::go([&] { done.add(); });
  done.take();
  return 0;
}

// A goroutine that stayed in the parent does not run in the child, whoever readies it there.
int forks_beside_waiters() {
  static gate never;  // they wait on, in the parent, when this function has returned
  static std::mutex lock;
  static std::atomic<int> ran{0};
  std::unique_lock hold(lock);
  snag::go([] { never.take(), ++ran; });
  snag::go([] {
    const std::lock_guard held(lock);
    ++ran;
  });
  while (!never.anybody_waits()) snag::yield();
  return status_of_child([&] {
    gate done;
    never.add();
    snag::go([&] {
      const std::lock_guard held(lock);
      done.add();
    });
    for (int i = 0; i < 10; ++i) snag::yield();
    hold.unlock();
    done.take();
    while (snag::num_goroutine() != 1) snag::yield();
    return ran.load();
  });
}

// Nor is it in anybody's way there: a lock goes to those in the child who wait for it.
int forks_beside_queues() {
  snag::mutex lock;
  std::unique_lock hold(lock);
  std::atomic<bool> queued{false};
  snag::go([&] {
    queued = true;
    const std::lock_guard never(lock);
  });
  while (!queued) snag::yield();
  for (int i = 0; i < 1000; ++i) snag::yield();
  return status_of_child([&] {
    gate done;
    for (int i = 0; i < 2; ++i)
      snag::go([&] {
        const std::lock_guard held(lock);
        done.add();
      });
    for (int i = 0; i < 10; ++i) snag::yield();
    hold.unlock();
    done.take(2);
    return 0;
  });
}

// A timer of the parent's does not fire in the child, which may stop it, start it again, and start others.
int forks_beside_timers() {
  snag::timer stopped(1h), again(1h), early(100ms);
  std::atomic<bool> called{false};
  const snag::timer calls = snag::after_func(100ms, [&] { called = true; });
  return status_of_child([&] {
    if (called || early.c().try_recv() == snag::chan_status::ok) return 0;  // a slow machine: nothing to see
    std::vector<snag::timer> mine;
    for (int i = 0; i < 8; ++i) mine.emplace_back(1ms);
    if (!stopped.stop()) return 1;
    for (const snag::timer& t : mine) static_cast<void>(t.c().recv());
    if (!again.reset(1ms)) return 2;
    static_cast<void>(again.c().recv());
    snag::sleep_for(150ms);
    return called || early.c().try_recv() != snag::chan_status::empty ? 3 : 0;
  });
}

// From inside of blocking(), once a spare worker came for the call.
int forks_in_blocking() {
  std::atomic<bool> others_run{false};
  snag::go([&] { others_run = true; });
  return snag::blocking([&] {
    while (!others_run) usleep(100);
    const pid_t child = fork();
    if (child != 0) return status_of(child);
    alarm(30);
    return -1;
  });
}
int leaves_blocking_in_the_child() {
  if (const int status = forks_in_blocking(); status != -1) return status;
  gate done;
  for (int i = 0; i < 10; ++i) snag::go([&] { snag::yield(), done.add(); });
  done.take(10);
  _exit(0);
}

// The places of calls that stayed in the parent are free in the child.
int forks_beside_blocking_calls() {
  constexpr int most = 256;
  int ends[2];
  if (pipe(ends) != 0) return 1;
  std::atomic<int> inside{0};
  gate done;
  for (int i = 0; i < most; ++i)
    snag::go([&] {
      snag::blocking([&] {
        char c;
        ++inside;
        while (read(ends[0], &c, 1) < 0 && errno == EINTR) {
        }
      });
      done.add();
    });
  while (inside < most) snag::yield();
  const int status = status_of_child([] { return snag::blocking([] { return 0; }); });
  close(ends[1]);
  done.take(most);
  return status;
}

// What another goroutine has begun to do once is done by the child.
int forks_beside_once() {
  static std::once_flag flag;
  gate inside, never;
  snag::go([&] { std::call_once(flag, [&] { inside.add(), never.take(); }); });
  inside.take();
  return status_of_child([] {
    int status = 1;
    std::call_once(flag, [&] { status = 0; });
    return status;
  });
}

// While goroutines on other workers are in the middle of everything.
int forks_often() {
  std::atomic<bool> over{false};
  gate done;
  constexpr int busy = 4, forks = 100;
  for (int i = 0; i < busy; ++i)
    snag::go([&] {
      std::mutex own;
      snag::ticker ticks(50us);
      while (!over) {
        const std::lock_guard hold(own);
        snag::chan<int> c(1);
        c.send(1);
        snag::go([c] { static_cast<void>(c.recv()); });
        static_cast<void>(ticks.c().recv());
      }
      done.add();
    });
  int failed = 0;
  for (int i = 0; i < forks; ++i)
    failed += status_of_child([] {
                snag::chan<int> c;
                std::mutex lock;
                int sum = 0;
                for (int k = 0; k < 20; ++k)
                  snag::go([&, c, k] {
                    snag::sleep_for(10us);
                    std::lock_guard{lock}, sum += k;
                    c.send(k);
                  });
                for (int k = 0; k < 20; ++k) static_cast<void>(c.recv());
                return sum == 190 && snag::blocking([] { return 1; }) == 1 ? 0 : 1;
              }) != 0;
  over = true;
  done.take(busy);
  return failed;
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

// On a worker that a thread of the runtime's started: the monitor, because main makes no room.
template <class F>
void on_spare_worker(F f) {
  std::atomic<bool> done{false};
  const pid_t own = gettid();
  snag::go([&] {
    if (gettid() == own) std::_Exit(9);
    f();
    done = true;
  });
  while (!done) usleep(100);
}
int signals_reach_every_worker() {
  static thread_local volatile sig_atomic_t caught = 0;
  signal(SIGUSR1, [](int) { caught = caught + 1; });
  int status = 1;
  on_spare_worker([&] {
    raise(SIGUSR1);
    status = caught == 1 ? 0 : 2;
  });
  return status;
}
[[gnu::noinline]] int recurses(volatile int* left) {
  volatile char filler[512] = {};
  *left = *left - 1;
  return *left == 0 ? 0 : recurses(left) + filler[0];
}
int overflows_on_a_spare_worker() {
  on_spare_worker([] {
    volatile int left = 1'000'000'000;
    recurses(&left);
  });
  return 0;
}

// As on a kernel that cannot guard by madvise (before Linux 6.13): more goroutines than get other guards.
int old_kernel_child() {
  constexpr int goroutines = 12'000;
  gate parked, all;
  for (int i = 0; i < goroutines; ++i)
    snag::go([&] {
      parked.add();
      all.take();
    });
  parked.take(goroutines);
  for (int i = 0; i < goroutines; ++i) all.add();
  while (snag::num_goroutine() > 1) snag::yield();
  snag::println("all ended");
  return 0;
}
int old_kernel() {
  constexpr std::uint32_t guard_install = 102;
  sock_filter steps[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_process_madvise, 3, 0),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_madvise, 0, 3),
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, args[2])),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, guard_install, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EINVAL),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  const sock_fprog filter{std::size(steps), steps};
  prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) != 0) return 3;
  execl("/proc/self/exe", "program", "old_kernel_child", nullptr);
  return 4;
}

// Beside a goroutine that computes, and one in a call that blocks.
int quits_beside_others() {
  int p[2];
  if (pipe(p) != 0) return 3;
  std::atomic<int> there{0};
  snag::go([&] {
    ++there;
    for (volatile bool on = true; on;) {
    }
  });
  snag::go([&] {
    snag::blocking([&] {
      ++there;
      char c;
      return read(p[0], &c, 1);
    });
  });
  while (there != 2) usleep(100);
  return raise(SIGQUIT);
}

const std::map<std::string, int (*)()> cases = {
    {"quits_beside_others", quits_beside_others},
    {"old_kernel", old_kernel},
    {"old_kernel_child", old_kernel_child},
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
    {"signals_reach_every_worker", signals_reach_every_worker},
    {"overflows_on_a_spare_worker", overflows_on_a_spare_worker},
    {"forks", forks},
    {"forks_beside_waiters", forks_beside_waiters},
    {"forks_beside_queues", forks_beside_queues},
    {"forks_beside_timers", forks_beside_timers},
    {"leaves_blocking_in_the_child", leaves_blocking_in_the_child},
    {"forks_beside_blocking_calls", forks_beside_blocking_calls},
    {"forks_beside_once", forks_beside_once},
    {"forks_often", forks_often},
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
