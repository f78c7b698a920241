// SPDX-License-Identifier: Apache-2.0
// RUN: %vetxx -Xclang -verify -Xclang -verify-ignore-unexpected=note %s
#include <snag/chan.h>
#include <snag/go.h>
#include <snag/mutex.h>
#include <snag/wait_group.h>

#include <atomic>
#include <mutex>
#include <thread>

void use(int);

int both_write() {
  int n = 0;
  snag::wait_group group;
  group.go([&] { ++n; });
  ++n;  // expected-warning {{the write of 'n' races with the goroutine that writes it: nothing has waited for the goroutine [snag-race-with-goroutine]}}
  group.wait();
  return n;
}

int read_too_early() {
  int result = 0;
  snag::wait_group group;
  group.go([&] { result = 42; });
  const int early = result;  // expected-warning {{the read of 'result' races with the goroutine that writes it}}
  group.wait();
  return early;
}

void written_while_it_is_read() {
  int n = 1, copy = 0;
  std::thread reader([&] { copy = n; });
  n = 2;  // expected-warning {{the write of 'n' races with the thread that reads it}}
  reader.join();
}

void the_loop_goes_on() {
  snag::wait_group group;
  int sum = 0;
  for (int i = 0; i < 3; ++i) {  // expected-warning {{the write of 'i' races with the goroutine that reads it}}
    group.go([&] { sum += i; });  // expected-warning {{refers to 'i'}}
  }
  group.wait();
}

bool read_in_the_return() {
  bool ok = false;
  snag::wait_group group;
  group.go([&] { ok = true; });  // expected-warning {{refers to 'ok'}}
  return ok;  // expected-warning {{the read of 'ok' races}}
}

// --- Ordered, or perhaps.

int after_the_wait() {
  int n = 0;
  snag::wait_group group;
  group.go([&] { ++n; });
  group.wait();
  return ++n;
}

int before_the_start() {
  int n = 0;
  ++n;
  snag::wait_group group;
  group.go([&] { ++n; });
  group.wait();
  return n;
}

int under_one_lock() {
  int n = 0;
  snag::mutex m;
  snag::wait_group group;
  group.go([&] {
    std::lock_guard hold(m);
    ++n;
  });
  {
    std::lock_guard hold(m);
    ++n;
  }
  group.wait();
  return n;
}

int handed_over() {
  int n = 0;
  snag::chan<void> go_on, done;
  snag::go([&n, go_on, done] {
    go_on.recv();
    ++n;
    done.send();
  });
  n = 1;
  go_on.send();
  done.recv();
  return n;
}

int both_read() {
  int n = 3, m = 0;
  snag::wait_group group;
  group.go([&] { m = n; });
  const int mine = n;
  group.wait();
  return mine + m;
}

int atomic() {
  std::atomic<int> n = 0;
  snag::wait_group group;
  group.go([&] { ++n; });
  ++n;
  group.wait();
  return n;
}

int joined_in_each_round() {
  int n = 0;
  for (int i = 0; i < 3; ++i) {
    std::thread worker([&] { n += i; });
    worker.join();
  }
  return n;
}

int perhaps_not_started(bool parallel) {
  int n = 0;
  snag::wait_group group;
  if (parallel) group.go([&] { ++n; });
  if (!parallel) ++n;
  group.wait();
  return n;
}
