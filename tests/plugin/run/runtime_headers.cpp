// SPDX-License-Identifier: Apache-2.0
// The library's own code in its headers is not checked and has no frames; what it does to the user's objects is,
// at the user's line. The same whether it was inlined or not.
//
// RUN: %snagxx -O0 -I%inputs/include %s %link -o %t0 && %t0 > %t.out && FileCheck %s < %t.out && FileCheck %s --check-prefix=NEVER < %t.out
// RUN: %snagxx -O1 -I%inputs/include %s %link -o %t1 && %t1 > %t.out && FileCheck %s < %t.out && FileCheck %s --check-prefix=NEVER < %t.out
// RUN: %snagxx -O2 -I%inputs/include %s %link -o %t2 && %t2 > %t.out && FileCheck %s < %t.out && FileCheck %s --check-prefix=NEVER < %t.out
// RUN: %snagxx -O3 -isystem %inputs/include %s %link -o %t3 && %t3 > %t.out && FileCheck %s < %t.out && FileCheck %s --check-prefix=NEVER < %t.out
// RUN: cd %inputs/include && %snagxx -O2 -I. %s %link -o %t4 && %t4 > %t.out && FileCheck %s < %t.out && FileCheck %s --check-prefix=NEVER < %t.out
// RUN: %snagxx -O2 -g0 -I%inputs/include %s %link -o %tg && %tg > %t.out && FileCheck %s --check-prefix=NEVER < %t.out
// NEVER-NOT: own_state
// NEVER-NOT: count_
#include <snag/mailbox.h>

#include "logging_hooks.h"

#define KEEP __attribute__((noinline))

int snag::detail::own_state;
KEEP void snag::detail::library_call() { log_stack("library"); }

struct message {
  int id = 0;
  message() = default;
  message(const message&) = default;
  KEEP message& operator=(message&& other) {
    id = other.id;
    return *this;
  }
  message& operator=(const message&) = default;
};

snag::mailbox<int> numbers;
snag::mailbox<message> messages;
int result;
message received;

KEEP void thrower(int n) {
  if (n == 0) throw n;
  thrower(n - 1);
  result = n;
}

KEEP void user() {
  numbers.put(7);
  // CHECK: stack library:{{.*}}runtime_headers.cpp:[[@LINE+2]] in user < `user()` runtime_headers.cpp
  // CHECK: write 4 `*to` type=int (runtime) at mailbox.h:{{[0-9]+}} in snag::detail::copy_out<int>{{.*}} < `numbers.take(result)`{{( \(calls runtime\))?}} runtime_headers.cpp:[[@LINE+1]] in user
  numbers.take(result);
  // CHECK: write 4 `*to` type=int (runtime) at mailbox.h:{{.*}} < `numbers.take_inlined(result)`{{( \(calls runtime\))?}} runtime_headers.cpp:[[@LINE+2]] in user
  numbers.put(8);
  numbers.take_inlined(result);
  messages.put(message());
  // The user's own move assignment, called by the library.
  // CHECK: write 4 message::id `id` type=int {{.*}} in message::operator= < `*to = std::move(*from)` (runtime) mailbox.h:{{[0-9]+}} in snag::detail::copy_out<message>{{.*}} < `messages.take(received)`{{( \(calls runtime\))?}} runtime_headers.cpp:[[@LINE+1]] in user
  messages.take(received);
  numbers.put(1);
  // CHECK: write 4 result `result` type=int {{.*}} at runtime_headers.cpp:[[@LINE+1]] in user{{.*}} < {{.*}}runtime_headers.cpp:{{[0-9]+}} in user
  numbers.each([](int n) { result = n; });
  // Inlined into a function of the library that stands by itself.
  // CHECK: write 4 result `result` type=int {{.*}} at runtime_headers.cpp:[[@LINE+1]] in user{{.*}} < {{.*}} runtime_headers.cpp:[[@LINE+1]] in user
  numbers.apart([] { result = 5; });
  // Where the library catches what the user threw, its next call finds the frames in order.
  // CHECK: stack after the exception: < `log_stack("after the exception")` runtime_headers.cpp:[[@LINE+1]] in user{{.*}} < `numbers.in_spite_of{{.*}} runtime_headers.cpp:[[@LINE+1]] in user < `user()`
  numbers.in_spite_of([] { thrower(3); }, [] { log_stack("after the exception"); });
  result = 1;
}

int main() {
  log_begin();
  user();
  log_end();
  return result == 1 ? 0 : 1;
}
