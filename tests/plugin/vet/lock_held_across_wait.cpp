// SPDX-License-Identifier: Apache-2.0
// RUN: %vetxx -Xclang -verify -Xclang -verify-ignore-unexpected=note %s
#include <snag/chan.h>
#include <snag/err_group.h>
#include <snag/go.h>
#include <snag/mutex.h>
#include <snag/wait_group.h>

#include <mutex>
#include <thread>

snag::mutex m;
int n;

void group() {
  snag::wait_group all;
  std::lock_guard hold(m);
  all.go([] {
    std::lock_guard mine(m);
    ++n;
  });
  all.wait();  // expected-warning {{this waits for a goroutine that needs 'm', which is held here: a deadlock [snag-lock-held-across-wait]}}
}

void joined() {
  std::mutex local;
  std::unique_lock hold(local);
  std::thread worker([&] {
    local.lock();
    ++n;
    local.unlock();
  });
  worker.join();  // expected-warning {{this waits for a thread that needs 'local'}}
}

int received() {
  snag::chan<int> c;
  std::scoped_lock hold(m);
  snag::go([=] {
    std::lock_guard mine(m);
    c << n;
  });
  return c.recv();  // expected-warning {{needs 'm'}}
}

struct server {
  snag::mutex lock;
  int served = 0;
  void serve() {
    snag::err_group all;
    lock.lock();
    for (int i = 0; i < 3; ++i)
      all.go([this] {
        std::lock_guard mine(lock);
        ++served;
      });
    (void)all.wait();  // expected-warning {{needs 'lock'}}
    lock.unlock();
  }
};

// --- Right, or perhaps.

void given_back_first() {
  snag::wait_group all;
  {
    std::lock_guard hold(m);
    all.go([] { std::lock_guard mine(m); });
  }
  all.wait();
}

void locked_after_the_start() {
  snag::wait_group all;
  all.go([] { std::lock_guard mine(m); });
  std::lock_guard hold(m);
  all.wait();
}

void another_mutex() {
  static snag::mutex other;
  snag::wait_group all;
  std::lock_guard hold(other);
  all.go([] { std::lock_guard mine(m); });
  all.wait();
}

void only_sometimes(bool careful) {
  snag::wait_group all;
  std::lock_guard hold(m);
  all.go([=] {
    if (careful) std::lock_guard mine(m);
  });
  all.wait();
}

int sent_before_it_locks() {
  snag::chan<int> c(1);
  std::lock_guard hold(m);
  snag::go([=] {
    c << 1;
    std::lock_guard mine(m);
  });
  return c.recv();
}

int another_sender() {
  snag::chan<int> c(2);
  std::lock_guard hold(m);
  snag::go([=] {
    std::lock_guard mine(m);
    c << 1;
  });
  snag::go([=] { c << 2; });
  return c.recv();
}

void merely_held_for_long(snag::chan<int> c) {
  std::lock_guard hold(m);
  c << 1;
}
