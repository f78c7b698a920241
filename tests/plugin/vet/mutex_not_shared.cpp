// SPDX-License-Identifier: Apache-2.0
// RUN: %vetxx -Xclang -verify -Xclang -verify-ignore-unexpected=note %s
#include <snag/go.h>
#include <snag/mutex.h>
#include <snag/wait_group.h>

#include <condition_variable>
#include <mutex>
#include <vector>

int total;
static std::vector<int> values;

void local(int n) {
  std::mutex m;
  std::lock_guard hold(m);  // expected-warning {{'m' is a variable of this call alone: nobody else can hold it, and it does not protect 'total' [snag-mutex-not-shared]}}
  total += n;
}

void container(int n) {
  snag::mutex m;
  std::scoped_lock hold(m);  // expected-warning {{does not protect 'values'}}
  values.push_back(n);
}

struct account {
  std::mutex lock;
  int balance = 0;
  account() = default;
  account(const account& other) : balance(other.balance) {}
  void pay(int n) {
    std::mutex mine;
    std::unique_lock hold(mine);  // expected-warning {{does not protect 'balance'}}
    balance -= n;
  }
};

void passed_by_value(account a) {
  std::lock_guard hold(a.lock);  // expected-warning {{'a.lock' is part of a parameter that is passed by value}}
  ++total;
}

void in_a_goroutine(snag::wait_group group) {
  group.go([] {
    std::mutex m;
    std::lock_guard hold(m);  // expected-warning {{does not protect 'total'}}
    ++total;
  });
}

// --- Right, or perhaps.

void static_life(int n) {
  static std::mutex m;
  std::lock_guard hold(m);
  total += n;
}

void shared_with_goroutines() {
  std::mutex m;
  snag::wait_group group;
  group.go([&] {
    std::lock_guard hold(m);
    ++total;
  });
  {
    std::lock_guard hold(m);
    ++total;
  }
  group.wait();
}

void keep(std::mutex&);
void given_away(int n) {
  std::mutex m;
  keep(m);
  std::lock_guard hold(m);
  total += n;
}

void protects_what_is_local(int n) {
  std::mutex m;
  int sum = 0;
  std::lock_guard hold(m);
  sum += n;
}

void by_reference(account& a) {
  std::lock_guard hold(a.lock);
  ++total;
}

void only_to_wait(std::condition_variable& arrived) {
  std::mutex m;
  std::unique_lock hold(m);
  arrived.wait(hold);
  ++total;
}

void own_copy(account a) {
  std::lock_guard hold(a.lock);
  --a.balance;
}
