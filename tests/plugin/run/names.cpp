// SPDX-License-Identifier: Apache-2.0
// Every way of designating an object gets its name, its type, where it was declared and how it was captured.
//
// RUN: %snagxx -O0 %s %link -o %t0 && %t0 | FileCheck %s
// RUN: %snagxx -O1 %s %link -o %t1 && %t1 | FileCheck %s
// RUN: %snagxx -O2 %s %link -o %t2 && %t2 | FileCheck %s
// RUN: %snagxx -O3 %s %link -o %t3 && %t3 | FileCheck %s
// RUN: %snagxx -O2 -g %s %link -o %tg && %tg | FileCheck %s
// RUN: %snagxx -O0 -fplugin-arg-snag-no-inline -fplugin-arg-snag-no-opt %s %link -o %tn && %tn | FileCheck %s
#include <array>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "logging_hooks.h"

#define KEEP __attribute__((noinline))
#define BUMP(place) (++(place))

namespace bank {
struct base {
  long created = 0;
};
struct account : base {
  int id = 0;
  long balance = 0;
  struct limits {
    int daily, monthly;
  } limit{};
  union {
    int small;
    long large;
  };
  int& best;
  unsigned low : 3, high : 5;
  explicit account(int& b) : large(0), best(b), low(0), high(0) {}
  KEEP void deposit(long amount) { balance += amount; }
  KEEP void reset(int new_id) {
    id = new_id;
    this->limit.monthly = new_id;
  }
  static int opened;
};
int account::opened = 1;
int total;
}  // namespace bank
namespace {
int hidden = 1;
}
int table[4][4];
int* pointer = &table[0][0];
volatile int device;
std::array<bank::account::limits, 3> all_limits;
int sink;
bank::account::limits l1[2], l2;

KEEP void globals(int i) {
  // CHECK: write 4 bank::total `bank::total` type=int declared=names.cpp:[[@LINE-13]] at names.cpp:[[@LINE+1]] in globals
  bank::total = i;
  // CHECK: write 4 hidden `hidden` type=int
  hidden = i + 1;
  // CHECK: write 4 table `table[i][2]` type=int
  table[i][2] = i;
  // CHECK: read 8 pointer `pointer` type=int *
  // CHECK: write 4 `pointer[i]` type=int at
  pointer[i] = 7;
  // CHECK: write 4 `*pointer` type=int at
  *pointer = 8;
  // CHECK: write 4 device `device` type=volatile int
  device = i;
  // CHECK: write 4 bank::account::limits::daily `all_limits[1].daily` type=int
  all_limits[1].daily = i;
  // CHECK: write 4 sink `BUMP(sink)` type=int
  BUMP(sink);
  // CHECK: write 4 bank::account::opened `bank::account::opened` type=int
  bank::account::opened = i;
}

KEEP void members(bank::account& a, bank::account* p, int i) {
  // CHECK: write 4 bank::account::id `a.id` type=int
  a.id = i;
  // CHECK: write 8 bank::account::balance `p->balance` type=long{{.*}} at names.cpp:[[@LINE+1]] in members
  p->balance = i;
  // CHECK: write 8 bank::base::created `p->created` type=long
  p->created = i;
  // CHECK: write 4 bank::account::limits::monthly `a.limit.monthly` type=int
  a.limit.monthly = i;
  // CHECK: write 8 {{.*}}large `a.large` type=long
  a.large = i;
  // CHECK: read 8 bank::account::best `a.best`
  // CHECK: write 4 bank::account::best `a.best` type=int
  a.best = i;
  // CHECK: write {{1|2|4}} bank::account::low `a.low` type=unsigned int
  a.low = static_cast<unsigned>(i);
  // CHECK: write 8 bank::account::balance `balance` type=long {{.*}}in bank::account::deposit < `a.deposit(3)` names.cpp:[[@LINE+1]] in members
  a.deposit(3);
  // CHECK: write 4 bank::account::id `id` type=int {{.*}}in bank::account::reset < `p->reset(4)`
  // CHECK: write 4 bank::account::limits::monthly `this->limit.monthly` type=int
  p->reset(4);
}

KEEP void through_references(int& r, int&& rr, const int& c, std::vector<int>& v, std::unique_ptr<int>& u,
                             std::map<int, bank::account::limits>& m, bool left) {
  // CHECK: write 4 r `r` type=int declared=names.cpp:[[@LINE-2]]
  r = 1;
  // CHECK: write 4 rr `rr` type=int
  rr = 2;
  // CHECK: read 4 c `c` type=const int
  // CHECK: write 4 sink `sink`
  sink = c;
  // CHECK: write 4 `v[1]` type=int declared=names.cpp:103 at names.cpp:[[@LINE+1]] in through_references
  v[1] = 3;
  // CHECK: write 4 `*u` type=int declared=names.cpp:103 at names.cpp:[[@LINE+1]] in through_references
  *u = 4;
  // CHECK: write 4 bank::account::limits::daily `m.begin()->second.daily` type=int
  m.begin()->second.daily = 5;
  // CHECK: write 4 `left ? r : rr` type=int
  (left ? r : rr) = 6;
  // CHECK: write {{(4|range 16)}} n `n` type=int
  for (int& n : v) n = 9;
}

KEEP void calls(const auto& f) { f(); }

KEEP void captures() {
  int by_reference = 1;
  int by_copy = 2;
  std::vector<int> numbers(3);
  bank::account a(hidden);
  // CHECK: read 4 by_copy `by_copy` type={{(const )?}}int declared=names.cpp:{{[0-9]+}} captured=[by copy at names.cpp:[[@LINE+3]]]
  // CHECK: write 4 by_reference `by_reference` type=int declared=names.cpp:{{[0-9]+}} captured=[by reference at names.cpp:[[@LINE+2]]]
  // CHECK: write 4 `numbers[0]` type=int declared=names.cpp:129 captured=[numbers by reference at names.cpp:[[@LINE+1]]]
  calls([&by_reference, by_copy, &numbers, &a] {
    by_reference += by_copy;
    numbers[0] = 3;
    // CHECK: write 8 bank::account::balance `a.balance` type=long {{.*}}captured=[a by reference at names.cpp:[[@LINE-3]]]
    a.balance = 1;
    // CHECK: write 4 by_reference `by_reference` {{.*}}captured=[by reference at names.cpp:[[@LINE+1]]]
    calls([&] { ++by_reference; });
  });
  struct worker {
    int done = 0;
    KEEP void start() {
      // CHECK: write 4 {{.*}}worker::done `done` type=int {{.*}}captured=[this by pointer at names.cpp:[[@LINE+1]]]
      calls([this] { done = 1; });
    }
  };
  static worker w;
  w.start();
  // CHECK: write 4 by_reference `by_reference` {{.*}}captured=[by reference at names.cpp:[[@LINE+1]]]
  calls([&, generic = [&](auto n) KEEP { by_reference = n; }] { generic(5); });
}

template <class T>
struct box {
  T value{};
  // CHECK: write 4 box<int>::value `value` type=int
  // CHECK: write 2 box<short>::value `value` type=short
  KEEP void set(T v) { value = v; }
};

KEEP void templates(box<int>& a, box<short>& b) {
  a.set(1);
  b.set(2);
}

KEEP void bindings(std::pair<int, long>& p, int (&pair)[2]) {
  auto& [first, second] = p;
  // CHECK: write 8 second `second` type=long declared=names.cpp:[[@LINE-1]]
  second = 2;
  auto& [left, right] = pair;
  // CHECK: write 4 right `right` type=int
  right = 3;
}

KEEP void structures(bank::account::limits* to, bank::account::limits& from) {
  // CHECK-DAG: read{{( range)?}} 8 from `from` type=const limits declared=names.cpp:[[@LINE-1]]
  // CHECK-DAG: write{{( range)?}} 8 `*to` type=bank::account::limits
  *to = from;
  // CHECK: write{{( range)?}} {{4|8}} {{.*}}at names.cpp:[[@LINE+1]] in structures
  to[1] = {1, 2};
}

int main() {
  int local = 0, other = 0;
  bank::account a(hidden), b(hidden);
  std::vector<int> v(4);
  auto u = std::make_unique<int>(1);
  std::map<int, bank::account::limits> m{{1, {1, 2}}};
  box<int> bi;
  box<short> bs;
  std::pair<int, long> p;
  int pair[2];

  log_begin();
  globals(1);
  members(a, &b, 2);
  through_references(local, static_cast<int&&>(other), other, v, u, m, true);
  captures();
  templates(bi, bs);
  bindings(p, pair);
  structures(l1, l2);
  log_end();
}
