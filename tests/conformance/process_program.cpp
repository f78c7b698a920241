// SPDX-License-Identifier: Apache-2.0
// One program with many endings, run as `program SCENARIO` by processes.h. go/main.go is the same in Go, as
// far as Go can.
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <limits>
#include <map>
#include <mutex>
#include <shared_mutex>
#include <stdexcept>
#include <string>
#include <thread>

#include <unistd.h>

#include <fmt/format.h>

#include "snag/snag.h"

// fmt knows how it reads: Go's Stringer.
struct named {
  std::string text;
};
template <>
struct fmt::formatter<named> : fmt::formatter<std::string> {
  auto format(const named& n, fmt::format_context& context) const {
    return fmt::formatter<std::string>::format("shown as " + n.text, context);
  }
};

enum class color { red = 3 };
enum old_color { old_red = 3 };

namespace {

using namespace std::chrono_literals;

void say(const char* line) { std::fputs(line, stderr); }

snag::chan<int> never;

struct odd {
  int x;
};

struct unprintable : std::exception {
  const char* what() const noexcept override { snag::panic("inner"); }
};

// Starts f and then waits for ever itself.
template <class F>
[[gnu::noinline]] void stuck(F f) {
  snag::go(f);
  snag::yield();
  snag::chan<int> nil = nullptr;
  nil.recv();
}

template <class F>
[[gnu::noinline]] void quit_beside(F f) {
  snag::go(f);
  snag::sleep_for(20ms);
  kill(getpid(), SIGQUIT);
  snag::sleep_for(1h);
}

[[gnu::noinline]] int deep(int n) {
  volatile int depth = n;
  if (depth == 0) snag::panic("at the bottom");
  return deep(n - 1) + depth;
}

[[gnu::noinline]] int deep_wait(int n) {
  volatile int depth = n;
  if (depth == 0) return never.recv();
  return deep_wait(n - 1) + depth;
}

[[gnu::noinline]] int overflow(int n) {
  if (n < 0) return 0;
  volatile char frame[2000];  // 32,000 calls: ThreadSanitizer has room for 65,536 in its own stack
  frame[n % 2000] = static_cast<char>(n);
  return overflow(n + 1) + frame[0];
}

[[gnu::noinline]] void pthread_outside() {
  std::thread([] { snag::panic("in a thread"); }).join();
}

// Found broken by reading: what was handled meanwhile is not what was in flight.
void second_after_handled() {
  snag::defer d([] {
    try {
      snag::panic("handled");
    } catch (const snag::panic_error&) {
    }
    snag::panic("second");
  });
  snag::panic("first");
}

void recover_and_panic(const char* what) {
  try {
    snag::panic("first");
  } catch (const snag::panic_error&) {
    if (what == nullptr) throw;
    snag::panic(what);
  }
}

void three_in_a_row() {
  try {
    recover_and_panic("second");
  } catch (const snag::panic_error&) {
    snag::panic("third");
  }
}

// Found broken: the record of what was thrown on top of another had its address, and was taken for it.
void panics_where_another_lay() {
  try {
    snag::defer d([] {
      try {
        snag::panic("inner");
      } catch (...) {
      }
    });
    snag::panic("outer");
  } catch (...) {
  }
  recover_and_panic("second");
}

// A goroutine to be seen in a dump.
void beside_a_waiter() {
  snag::go([] { never.recv(); });
  snag::sleep_for(20ms);
}

// Waits for ever in a select of one case.
template <class Case>
void stuck_in(Case only) {
  stuck([=] { snag::select(only()); });
}

void end_of_main_beside_deferred() {
  snag::go([] {
    snag::defer d([] { say("must not be seen\n"); });
    never.recv();
  });
  snag::yield();
}

// The last lines of a program that waits: main for ever, a goroutine for five minutes of the scheduler's
// clock.
void waits_minutes() {
  snag::go({.name = "waits"}, [] { never.recv(); });
  snag::go({.name = "sleeps"}, [] { snag::sleep_for(24h); });
  snag::sleep_for(std::chrono::seconds(5 * 60 + 1));
  snag::go({.name = "new"}, [] { never.recv(); });
  snag::sleep_for(30s);
  kill(getpid(), SIGQUIT);
  snag::sleep_for(1h);
}

void many_panics() {
  for (int i = 0; i < 20; ++i) snag::go([i] { snag::panic("number {} of many\nsecond line", i); });
  never.recv();
}

// A goroutine that panics while main, the only other one, waits: no deadlock may be reported.
void panic_beside_waiter() {
  snag::go([] {
    snag::defer d([] {
      for (int i = 0; i < 100; ++i) snag::yield();
      snag::sleep_for(1ms);
    });
    snag::panic("not a deadlock");
  });
  never.recv();
}

void system_call_beside_waiter() {
  snag::chan<int> done;
  snag::go([=] {
    usleep(30'000);
    done << 1;
  });
  done.recv();
  say("done\n");
}

void partly_stuck() {
  for (int i = 0; i < 3; ++i) snag::go([] { never.recv(); });
  for (int i = 0; i < 50; ++i) snag::yield();
  snag::sleep_for(20ms);
  say("main is fine\n");
}

void read_twice() {
  snag::shared_mutex m;
  m.lock_shared();
  snag::go([&] { m.lock(); });
  while (m.try_lock_shared()) {  // until the writer waits
    m.unlock_shared();
    snag::yield();
  }
  m.lock_shared();
}

// Adding from zero while others wait: a mistake that is noticed now and then.
void wait_group_misuse() {
  snag::wait_group wg;
  for (int i = 0; i < 4; ++i)
    snag::go([=] {
      for (;;) wg.wait(), snag::yield();
    });
  for (int i = 0; i < 20'000; ++i) {
    wg.add(1);
    if (i % 4 == 0) snag::yield();
    wg.done();
  }
}

// The main goroutine waits for a thread that the runtime did not make.
void foreign_thread_wakes() {
  std::thread t([] {
    usleep(50'000);
    never << 1;
  });
  never.recv();
  t.join();
  say("woken\n");
}

void foreign_thread_waits() {
  std::thread t([] { never.recv(); });
  t.join();
}

// A goroutine for each thing there is to wait for; its name says what a dump must say.
void deadlock_everywhere() {
  const auto waits = [](const char* reason, auto f) { snag::go({.name = reason}, f); };
  waits("chan receive", [] { never.recv(); });
  waits("chan send", [] { snag::chan<int>() << 1; });
  waits("chan receive (nil chan)", [] { snag::chan<int>(nullptr).recv(); });
  waits("chan send (nil chan)", [] { snag::chan<int>(nullptr) << 1; });
  waits("select", [] { snag::select(snag::on_recv(never), snag::on_recv(snag::chan<int>())); });
  waits("select (no cases)", [] { snag::select(); });
  waits("sync.Mutex.Lock", [] {
    snag::mutex m;
    m.lock();
    m.lock();
  });
  waits("sync.RWMutex.Lock", [] {
    snag::shared_mutex m;
    m.lock_shared();
    m.lock();
  });
  waits("sync.RWMutex.RLock", [] {
    snag::shared_mutex m;
    m.lock();
    m.lock_shared();
  });
  waits("sync.WaitGroup.Wait", [] {
    snag::wait_group w;
    w.add(1);
    w.wait();
  });
  waits("sync.Cond.Wait", [] {
    snag::mutex m;
    snag::condition_variable c;
    std::unique_lock lock(m);
    c.wait(lock);
  });
  never.recv();
}

struct waits_in_constructor {
  waits_in_constructor() {
    if (std::getenv("WAIT_BEFORE_MAIN") != nullptr) never.recv();
  }
} const before_main;

struct panics_in_constructor {
  panics_in_constructor() {
    if (std::getenv("PANIC_BEFORE_MAIN") != nullptr) snag::panic("before main");
  }
} const early;

const std::map<std::string, std::function<void()>> scenarios = {
    {"panic_text", [] { snag::panic("boom"); }},
    {"panic_lines", [] { snag::panic("one\ntwo\nthree"); }},
    {"panic_error", [] { throw std::runtime_error("an error"); }},
    {"panic_stringer", [] { snag::panic(named{"text"}); }},
    {"panic_int", [] { snag::panic(42); }},
    {"panic_bool", [] { snag::panic(true); }},
    {"panic_double", [] { snag::panic(1.5); }},
    {"panic_large", [] { snag::panic(100'000'000.0); }},
    {"panic_precise", [] { snag::panic(1234567.5); }},
    {"panic_small", [] { snag::panic(0.00001); }},
    {"panic_single", [] { snag::panic(123456.789f); }},
    {"panic_zero", [] { snag::panic(-0.0); }},
    {"panic_nan", [] { snag::panic(std::numeric_limits<double>::quiet_NaN()); }},
    {"panic_infinite", [] { snag::panic(std::numeric_limits<double>::infinity()); }},
    {"panic_enum", [] { snag::panic(color::red); }},
    {"panic_old_enum", [] { snag::panic(old_red); }},
    {"throw_double", [] { throw 1e8; }},
    {"throw_short", [] { throw static_cast<short>(-5); }},
    {"throw_byte", [] { throw static_cast<unsigned char>(65); }},
    {"panic_other", [] { snag::panic(odd{7}); }},
    {"panic_pointer", [] { throw new int; }},
    {"panic_in_goroutine",
     [] {
       snag::go([] { snag::panic("in a goroutine"); });
       never.recv();
     }},
    {"panic_in_thread", pthread_outside},
    {"exception_in_goroutine",
     [] {
       snag::go([] { throw std::runtime_error("no panic_error"); });
       never.recv();
     }},
    {"panic_deep", [] { deep(200); }},
    {"panic_not_deep", [] { deep(50); }},
    {"panic_in_defer",
     [] {
       snag::defer d([] { snag::panic("second"); });
       snag::panic("first");
     }},
    {"panic_in_defer_after_another", second_after_handled},
    {"panic_in_defer_of_defer",
     [] {
       snag::defer d([] {
         snag::defer e([] { snag::panic("third"); });
         snag::panic("second");
       });
       snag::panic("first");
     }},
    {"panic_recovered_in_defer",
     [] {
       snag::defer d([] { recover_and_panic("second"); });
       snag::panic("outer");
     }},
    {"panic_repanicked_in_defer",
     [] {
       snag::defer d([] { recover_and_panic(nullptr); });
       snag::panic("outer");
     }},
    {"panic_in_defer_of_recovery",
     [] {
       try {
         snag::panic("first");
       } catch (const snag::panic_error&) {
         snag::defer d([] { snag::panic("third"); });
         snag::panic("second");
       }
     }},
    {"panic_where_another_lay", panics_where_another_lay},
    {"panic_in_defer_of_once_func",  // which panics again with what its first call had met
     [] {
       const auto f = snag::once_func([] { snag::panic("once"); });
       for (const bool again : {false, true}) {
         try {
           if (again)
             throw std::runtime_error("handled meanwhile");
           else
             f();
         } catch (...) {
         }
       }
       snag::defer d([] { snag::panic("second"); });
       f();
     }},
    {"panic_repanicked_and_another",
     [] {
       try {
         recover_and_panic(nullptr);
       } catch (const snag::panic_error&) {
         snag::panic("second");
       }
     }},
    {"panic_another_repanicked",
     [] {
       try {
         recover_and_panic("second");
       } catch (const snag::panic_error&) {
         throw;
       }
     }},
    {"goexit_in_defer_of_panic",
     [] {
       snag::go([] {
         snag::defer d([] { snag::goexit(); });
         snag::panic("not abandoned");
       });
       never.recv();
     }},
    {"null_pointer",
     [] {
       int* volatile nowhere = nullptr;
       *nowhere = 1;
     }},
    {"division_by_zero",
     [] {
       volatile int zero = 0;
       zero = 7 / zero;
     }},
    {"panic_recovered", [] { recover_and_panic("second"); }},
    {"panic_repanicked", [] { recover_and_panic(nullptr); }},
    {"panic_same_again", [] { recover_and_panic("first"); }},
    {"panic_three", three_in_a_row},
    {"panic_unprintable", [] { throw unprintable(); }},
    {"panic_after_goexit",
     [] {
       snag::go([] {
         snag::defer d([] { snag::panic("during goexit"); });
         snag::goexit();
       });
       never.recv();
     }},
    {"panic_all_defers",
     [] {
       snag::defer outer([] { say("outer\n"); });
       [] {
         snag::defer inner([] { say("inner\n"); });
         snag::panic("after the defers");
       }();
     }},
    {"panic_many", many_panics},
    {"panic_nil", [] { snag::panic(nullptr); }},
    {"recover_elsewhere",
     [] {
       try {
         snag::go([] { snag::panic("mine alone"); });
         never.recv();
       } catch (...) {
       }
     }},
    {"send_closed",
     [] {
       snag::chan<int> c(1);
       c.close();
       c << 1;
     }},
    {"close_closed",
     [] {
       snag::chan<int> c;
       c.close();
       c.close();
     }},
    {"close_nil",
     [] {
       snag::chan<int> c = nullptr;
       c.close();
     }},
    {"wait_group_negative", [] { snag::wait_group().done(); }},
    {"wait_group_go_panics",
     [] {
       snag::wait_group all;
       all.go([] { snag::panic("the task"); });
       all.wait();
       say("must not be seen\n");
     }},
    {"unlock_unlocked", [] { snag::mutex().unlock(); }},
    {"unlock_others",
     [] {
       snag::mutex m;
       m.lock();
       snag::wait_group other;
       other.go([&] { m.unlock(); });
       other.wait();
     }},
    {"rw_unlock_unlocked", [] { snag::shared_mutex().unlock(); }},
    {"rw_runlock_unlocked", [] { snag::shared_mutex().unlock_shared(); }},
    {"go_nil",
     [] {
       std::function<void()> f;
       snag::go(f);
       never.recv();
     }},
    {"go_nil_beside_another",
     [] {
       beside_a_waiter();
       snag::go(std::function<void()>());
     }},
    {"unlock_beside_another",
     [] {
       beside_a_waiter();
       snag::mutex().unlock();
     }},
    {"panic_beside_another",
     [] {
       beside_a_waiter();
       snag::panic("alone");
     }},
    {"stack_overflow_beside_another",
     [] {
       beside_a_waiter();
       overflow(0);
     }},
    {"unlock_in_try",
     [] {
       try {
         snag::mutex().unlock();
       } catch (...) {
       }
     }},
    {"stack_overflow", [] { overflow(0); }},
    {"stack_overflow_in_goroutine",
     [] {
       snag::go([] { overflow(0); });
       never.recv();
     }},
    {"stack_overflow_in_try",
     [] {
       try {
         overflow(0);
       } catch (...) {
       }
     }},
    {"exit_7",
     [] {
       snag::defer d([] { say("must not be seen\n"); });
       std::exit(7);
     }},
    {"main_returns", end_of_main_beside_deferred},
    {"goexit_alone", [] { snag::goexit(); }},
    {"goexit_others_first",
     [] {
       snag::go([] { say("the other one\n"); });
       snag::goexit();
     }},
    {"goexit_others_stuck",
     [] {
       snag::go([] { never.recv(); });
       snag::goexit();
     }},
    {"deadlock_receive", [] { stuck([] { never.recv(); }); }},
    {"deadlock_send", [] { stuck([] { never << 1; }); }},
    {"deadlock_receive_nil", [] { stuck([] { snag::chan<int>(nullptr).recv(); }); }},
    {"deadlock_send_nil", [] { stuck([] { snag::chan<int>(nullptr) << 1; }); }},
    {"deadlock_select", [] { stuck([] { snag::select(snag::on_recv(never), snag::on_send(never, 1)); }); }},
    {"deadlock_select_receive", [] { stuck_in([] { return snag::on_recv(never); }); }},
    {"deadlock_select_send", [] { stuck_in([] { return snag::on_send(never, 1); }); }},
    {"deadlock_select_receive_nil", [] { stuck_in([] { return snag::on_recv(snag::chan<int>(nullptr)); }); }},
    {"deadlock_select_send_nil", [] { stuck_in([] { return snag::on_send(snag::chan<int>(nullptr), 1); }); }},
    {"deadlock_select_nil",
     [] {
       stuck([] {
         const snag::chan<int> nil = nullptr;
         snag::select(snag::on_recv(nil), snag::on_send(nil, 1));
       });
     }},
    {"deadlock_select_none",
     [] {
       stuck([] {
         volatile bool came_back = false;  // or the call would be a jump, and the frame gone
         snag::select();
         came_back = !came_back;
       });
     }},
    {"deadlock_mutex",
     [] {
       stuck([] {
         snag::mutex m;
         m.lock();
         m.lock();
       });
     }},
    {"deadlock_rlock",
     [] {
       stuck([] {
         snag::shared_mutex m;
         m.lock();
         m.lock_shared();
       });
     }},
    {"deadlock_wlock",
     [] {
       stuck([] {
         snag::shared_mutex m;
         m.lock_shared();
         m.lock();
       });
     }},
    {"deadlock_wait_group",
     [] {
       stuck([] {
         snag::wait_group w;
         w.add(1);
         w.wait();
       });
     }},
    {"deadlock_cond",
     [] {
       stuck([] {
         snag::mutex m;
         snag::condition_variable c;
         std::unique_lock lock(m);
         c.wait(lock);
       });
     }},
    {"deadlock_range",
     [] {
       stuck([] {
         for ([[maybe_unused]] int v : never) {
         }
       });
     }},
    {"deadlock_main_alone", [] { never.recv(); }},
    {"deadlock_after_timer",
     [] {
       snag::sleep_for(20ms);
       never.recv();
     }},
    {"deadlock_locked",
     [] {
       snag::lock_os_thread();
       never.recv();
     }},
    {"deadlock_locked_goroutine",
     [] {
       stuck([] {
         snag::lock_os_thread();
         never.recv();
       });
     }},
    {"deadlock_locked_select",
     [] {
       stuck([] {
         snag::lock_os_thread();
         snag::select();
       });
     }},
    {"deadlock_locked_main_gone",
     [] {
       snag::lock_os_thread();
       snag::go([] { never.recv(); });
       snag::goexit();
     }},
    {"deadlock_in_try",
     [] {
       try {
         never.recv();
       } catch (...) {
       }
     }},
    {"deadlock_deep", [] { deep_wait(200); }},
    {"deadlock_named",
     [] {
       snag::go({.name = "feeder"}, [] { never << 1; });
       snag::chan<int>(nullptr).recv();
     }},
    {"deadlock_everywhere", deadlock_everywhere},
    {"deadlock_before_main", [] { say("main is reached\n"); }},
    {"deadlock_read_twice", read_twice},
    {"foreign_thread_wakes", foreign_thread_wakes},
    {"foreign_thread_waits", foreign_thread_waits},
    {"wait_group_misuse", wait_group_misuse},
    {"rw_unlock_read",
     [] {
       snag::shared_mutex m;
       m.lock_shared();
       m.unlock();
     }},
    {"stopped_timer",
     [] {
       snag::timer t(1h);
       t.stop();
       never.recv();
     }},
    {"quit_sleep", [] { quit_beside([] { snag::sleep_for(1h); }); }},
    {"quit_receive", [] { quit_beside([] { never.recv(); }); }},
    {"quit_running",
     [] {
       quit_beside([] {
         for (volatile int n = 0;;) n = n + 1;
       });
     }},
    {"quit_fresh", [] { kill(getpid(), SIGQUIT); }},
    {"waits_minutes", waits_minutes},
    {"panic_beside_waiter", panic_beside_waiter},
    {"system_call_beside_waiter", system_call_beside_waiter},
    {"partly_stuck", partly_stuck},
};

}  // namespace

int main(int argc, char** argv) {
  const auto found = scenarios.find(argc > 1 ? argv[1] : "");
  if (found == scenarios.end()) return 64;
  found->second();
  return 0;
}
