// SPDX-License-Identifier: Apache-2.0
// A coroutine's frame of calls lives and dies with each resumption, not with the coroutine.
//
// RUN: %snagxx -O0 %s %link -o %t0 && %t0
// RUN: %snagxx -O1 %s %link -o %t1 && %t1
// RUN: %snagxx -O2 %s %link -o %t2 && %t2
// RUN: %snagxx -O3 %s %link -o %t3 && %t3
#include <coroutine>
#include <cstdio>
#include <cstdlib>
#include <utility>
#include <vector>

#include "logging_hooks.h"

struct generator {
  struct promise_type {
    int value = 0;
    generator get_return_object() { return {std::coroutine_handle<promise_type>::from_promise(*this)}; }
    std::suspend_always initial_suspend() { return {}; }
    std::suspend_always final_suspend() noexcept { return {}; }
    std::suspend_always yield_value(int v) {
      value = v;
      return {};
    }
    void return_void() {}
    void unhandled_exception() { std::abort(); }
  };
  std::coroutine_handle<promise_type> handle;
};

int steps;
__attribute__((noinline)) void step() {
  ++steps;
  log_depth();
}

generator count(int n) {
  std::vector<int> seen;
  for (int i = 0; i < n; ++i) {
    step();
    seen.push_back(i);
    try {
      if (i == 2) throw i;
    } catch (int) {
      step();
    }
    co_yield i;
    step();
  }
}

struct task {
  struct promise_type {
    std::coroutine_handle<> next = std::noop_coroutine();
    task get_return_object() { return {std::coroutine_handle<promise_type>::from_promise(*this)}; }
    std::suspend_always initial_suspend() { return {}; }
    auto final_suspend() noexcept {
      struct to_next {
        bool await_ready() noexcept { return false; }
        std::coroutine_handle<> await_suspend(std::coroutine_handle<promise_type> h) noexcept { return h.promise().next; }
        void await_resume() noexcept {}
      };
      return to_next{};
    }
    void return_void() {}
    void unhandled_exception() { std::abort(); }
  };
  std::coroutine_handle<promise_type> handle;
  bool await_ready() { return false; }
  std::coroutine_handle<> await_suspend(std::coroutine_handle<> caller) {
    handle.promise().next = caller;
    return handle;
  }
  void await_resume() { handle.destroy(); }
};

task leaf() {
  step();
  co_return;
}
task root(int n) {
  for (int i = 0; i < n; ++i) co_await leaf();
}

int main() {
  log_begin();
  log_end();
  const unsigned depth = log_depth();
  generator g = count(5);
  int sum = 0;
  while (g.handle.resume(), !g.handle.done()) {
    sum += g.handle.promise().value;
    if (log_depth() != depth) return 2;
  }
  g.handle.destroy();
  task t = root(1000);
  t.handle.resume();
  t.handle.destroy();
  if (log_depth() != depth) return 3;
  return sum == 10 && steps == 1011 ? 0 : 1;
}
