// SPDX-License-Identifier: Apache-2.0
// The linked frames are right after everything that leaves functions in unusual ways. The hooks abort if a frame
// is not where it must be; here the depth and the calls themselves are checked too.
//
// RUN: %plainxx -O1 -c %inputs/uninstrumented.cpp -o %t.lib.o
// RUN: %snagxx -O0 -I%inputs %s %t.lib.o %link -o %t0 && %t0 > %t.out && FileCheck %s < %t.out
// RUN: %snagxx -O1 -I%inputs %s %t.lib.o %link -o %t1 && %t1 > %t.out && FileCheck %s < %t.out
// RUN: %snagxx -O2 -I%inputs %s %t.lib.o %link -o %t2 && %t2 > %t.out && FileCheck %s < %t.out
// RUN: %snagxx -O3 -fno-omit-frame-pointer -I%inputs %s %t.lib.o %link -o %t3 && %t3 > %t.out && FileCheck %s < %t.out
// RUN: %snagxx -O2 -fplugin-arg-snag-frames-only -I%inputs %s %t.lib.o %link -o %tf && %tf > %t.out && FileCheck %s < %t.out
#include <csetjmp>
#include <cstdio>
#include <stdexcept>
#include <thread>

#include "logging_hooks.h"
#include "uninstrumented.h"

#define KEEP __attribute__((noinline))

volatile int counter;

bool failed = false;

KEEP void require(bool condition, const char* what) {
  if (condition) return;
  std::printf("wrong: %s\n", what);
  failed = true;
}
KEEP void expect(unsigned depth, const char* what) { require(log_depth() == depth + 1, what); }

KEEP void thrower(int levels) {
  if (levels == 0) throw std::runtime_error("x");
  thrower(levels - 1);
  counter = counter + 1;
}

struct guard {
  KEEP ~guard() { log_stack("cleanup"); }
};
KEEP void cleans_up() {
  guard g;
  thrower(3);
}

KEEP void exceptions() {
  const unsigned here = log_depth();
  try {
    // CHECK-DAG: stack cleanup: < `log_stack("cleanup")` frames.cpp:[[@LINE-10]] in guard::~guard{{.*}} in cleans_up < `cleans_up()` frames.cpp:[[@LINE+1]] in exceptions < `exceptions()` frames.cpp:{{[0-9]+}} in main
    cleans_up();
  } catch (const std::exception&) {
    expect(here, "caught");
    try {
      thrower(1);
    } catch (...) {
      expect(here, "caught while handling");
    }
    expect(here, "after the inner handler");
  }
  expect(here, "after the handler");
  try {
    try {
      thrower(2);
    } catch (...) {
      throw;
    }
  } catch (...) {
    expect(here, "rethrown");
  }
}

KEEP void swallowed() {
  const unsigned here = log_depth();
  // Unknown code calls back, catches what that throws, and returns as if nothing had happened.
  call_and_swallow([] { thrower(4); });
  expect(here, "swallowed by unknown code");
  call_and_rethrow([] { counter = 1; });
  try {
    call_and_rethrow([] { thrower(4); });
  } catch (...) {
    expect(here, "thrown through unknown code");
  }
  // CHECK-DAG: stack called back: < `log_stack("called back")` frames.cpp:[[@LINE+1]] in swallowed{{.*}} < {{`.*` }}frames.cpp:[[@LINE+1]] in swallowed
  call_and_swallow([] { log_stack("called back"); });
}

std::jmp_buf target;
KEEP void jumper(int levels) {
  if (levels == 0) std::longjmp(target, 1);
  jumper(levels - 1);
  counter = counter + 1;
}
KEEP void jumps() {
  const unsigned here = log_depth();
  if (setjmp(target) == 0) {
    jumper(5);
  } else {
    expect(here, "longjmp");
  }
  expect(here, "after longjmp");
  if (setjmp(target) == 0) call_and_swallow([] { jumper(2); });
  expect(here, "longjmp through unknown code");
}

KEEP int recursive(int n) {
  if (n == 0) return static_cast<int>(log_depth());
  const int depth = recursive(n - 1);
  counter = n;
  return depth;
}

KEEP int tail_callee(int a) {
  counter = a;
  log_stack("tail callee");
  return a;
}
KEEP int tail_caller(int a) {
  counter = a + 1;
  __attribute__((musttail)) return tail_callee(a + 1);
}

KEEP void new_thread() {
  std::thread t([] {
    // CHECK-DAG: stack thread: < `log_stack("thread")` frames.cpp:[[@LINE+1]] in
    log_stack("thread");
    try {
      thrower(2);
    } catch (...) {
    }
    counter = 2;
  });
  t.join();
}

struct in_constructor {
  in_constructor() : in_constructor(1) { throw 1; }
  KEEP explicit in_constructor(int) { counter = 3; }
  KEEP ~in_constructor() { counter = 4; }
};

KEEP int throws_if(int n) noexcept(false) {
  if (n > 2) throw n;
  return n;
}
KEEP void in_loop() {
  const unsigned here = log_depth();
  int caught = 0;
  for (int i = 0; i < 5; ++i) {
    try {
      counter = throws_if(i);
    } catch (int) {
      ++caught;
      continue;
    }
    expect(here, "in the loop");
  }
  try {
    in_constructor c;
  } catch (int) {
    ++caught;
  }
  require(caught == 3, "catches");
  expect(here, "after the loop");
}

int main() {
  log_begin();
  const unsigned here = log_depth();
  exceptions();
  expect(here, "exceptions");
  swallowed();
  expect(here, "swallowed");
  jumps();
  expect(here, "jumps");
  require(recursive(100) == static_cast<int>(here) + 101, "recursion");
  expect(here, "recursive");
  // CHECK-DAG: stack tail callee: < `log_stack("tail callee")` {{.*}} in tail_callee < `tail_caller(1)` frames.cpp:[[@LINE+1]] in main{{$}}
  tail_caller(1);
  expect(here, "tail call");
  new_thread();
  in_loop();
  expect(here, "in_loop");
  log_end();
  return failed ? 1 : 0;
}
