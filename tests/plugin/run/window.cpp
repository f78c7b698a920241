// SPDX-License-Identifier: Apache-2.0
// The inline check answers exactly when this goroutine has recorded these bytes in this epoch: on whatever OS
// thread it goes on.
//
// RUN: %snagxx -O0 %s %link -o %t0 && %t0
// RUN: %snagxx -O1 %s %link -o %t1 && %t1
// RUN: %snagxx -O2 %s %link -o %t2 && %t2
// RUN: %snagxx -O3 -march=x86-64-v3 %s %link -o %t3 && %t3
// RUN: %snagxx -O2 -fPIC -shared -DLIBRARY %s -o %t.so && %snagxx -O2 -DPROGRAM %s %t.so %link -o %t4 && %t4
#include <cstdint>
#include <cstdio>
#include <cstring>

#include "logging_hooks.h"

#define KEEP __attribute__((noinline))

struct block {
  alignas(16) std::uint8_t bytes[32];
};
template <class T>
struct __attribute__((packed)) loose {
  T value;
};

extern bool failed;
#ifndef LIBRARY
bool failed = false;
#endif

template <class T>
KEEP void put(T* p) { *p = static_cast<T>(1); }
template <class T>
KEEP T get(const T* p) { return *p; }
template <class T>
KEEP void put_loose(loose<T>* p) { p->value = static_cast<T>(1); }

// How many hooks f(argument) calls. The test's own code is not checked.
#define UNCHECKED KEEP __attribute__((no_sanitize("thread")))
template <class F, class A>
UNCHECKED unsigned long hooks(F f, A argument) {
  const unsigned long before = log_count();
  f(argument);
  return log_count() - before;
}

UNCHECKED void expect(unsigned long got, unsigned long wanted, const char* what, unsigned size) {
  if (got == wanted) return;
  std::printf("%s, %u bytes: %lu hooks, not %lu\n", what, size, got, wanted);
  failed = true;
}

template <class T>
KEEP void put_after_migration(T* p) {
  *p = static_cast<T>(1);
  migrate();
  *p = static_cast<T>(2);
  *p = static_cast<T>(3);
}

template <class T>
UNCHECKED void check(block& b) {
  T* p = reinterpret_cast<T*>(b.bytes);
  window_next();
  expect(hooks(put<T>, p), 1, "first write", sizeof(T));
  expect(hooks(put<T>, p), 0, "second write", sizeof(T));
  expect(hooks(get<T>, p), 1, "first read", sizeof(T));
  expect(hooks(get<T>, p), 0, "second read", sizeof(T));
  window_next();
  expect(hooks(put<T>, p), 1, "write in a new epoch", sizeof(T));
  migrate();
  expect(hooks(put<T>, p), 1, "write on another thread", sizeof(T));
  expect(hooks(put_after_migration<T>, p), 1, "writes around a migration", sizeof(T));

  for (unsigned k = 0; k < sizeof(T); ++k) {  // each of the bytes counts
    window_next();
    hooks(put<T>, p);
    forget(&b.bytes[k], 1);
    expect(hooks(put<T>, p), 1, "write after another's byte", sizeof(T));
  }

  window_next();
  hooks(put<T>, p);
  expect(hooks(put<T>, p + 1), 1, "write of the neighbour", sizeof(T));
  expect(hooks(put<T>, p), 0, "write after the neighbour's", sizeof(T));

  for (unsigned k = 0; k < 9; ++k) {
    window_next();
    expect(hooks(put_loose<T>, reinterpret_cast<loose<T>*>(&b.bytes[k])), 1, "unaligned write", sizeof(T));
  }
  window_next();
  hooks(put<T>, p);
  expect(hooks(put_loose<T>, reinterpret_cast<loose<T>*>(p)), 0, "aligned after all", sizeof(T));
}

KEEP void anything(int i) {
  if (i % 2 == 1) migrate();
}
KEEP void loop(int* p) {
  for (int i = 0; i < 10; ++i) {
    *p = i;
    anything(i);
  }
}

__attribute__((no_sanitize("thread"))) void run() {
  window_open();
  static block b;
  check<std::uint8_t>(b);
  check<std::uint16_t>(b);
  check<std::uint32_t>(b);
  check<std::uint64_t>(b);
  check<unsigned __int128>(b);
  check<float>(b);
  check<double>(b);
  static int x;
  window_next();
  expect(hooks(loop, &x), 5, "loop with a migration every second round", 4);
}

#ifdef LIBRARY
void library_run() { run(); }
#else
#ifdef PROGRAM
void library_run();
#else
void library_run() {}
#endif
int main() {
  run();
  library_run();
  return failed ? 1 : 0;
}
#endif
