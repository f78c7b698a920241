// SPDX-License-Identifier: Apache-2.0
// C: the same names, no mangling.
//
// RUN: %snagcc -O0 -std=c11 %s %link -lstdc++ -o %t0 && %t0 > %t.out && FileCheck %s < %t.out
// RUN: %snagcc -O2 -std=c11 %s %link -lstdc++ -o %t2 && %t2 > %t.out && FileCheck %s < %t.out
// RUN: %snagcc -O3 -std=gnu17 -g %s %link -lstdc++ -o %t3 && %t3 > %t.out && FileCheck %s < %t.out
#include <stdatomic.h>
#include <stdlib.h>

#include "logging_hooks.h"

struct list {
  struct list* next;
  int value;
};
static int total;
int table[8];
_Atomic int hits;
struct list head;

__attribute__((noinline)) static void add(struct list* l, int value) {
  // CHECK: write 4 list::value `l->value` type=int declared=language.c:[[@LINE-8]] at language.c:[[@LINE+1]] in add < `add(&head, 3)` language.c:{{[0-9]+}} in main
  l->value = value;
  // CHECK: write 4 total `total` type=int declared=language.c:{{[0-9]+}} {{.*}}in add
  total += value;
  // CHECK: write 4 table `table[value]` type=int
  table[value] = value;
  // CHECK: atomic update 4 hits `atomic_fetch_add(&hits, 1)`
  atomic_fetch_add(&hits, 1);
  // CHECK: atomic update 4 hits `hits`
  hits++;
}

__attribute__((noinline)) static void copy(struct list* to, struct list from) {
  // CHECK: write {{(range 16|8)}} `*to` type=struct list at language.c:[[@LINE+1]] in copy
  *to = from;
}

__attribute__((noinline)) static int statics(void) {
  static int calls;
  // CHECK: write 4 calls `calls` type=int declared=language.c:[[@LINE-1]]
  return ++calls;
}

int main(void) {
  struct list* l = malloc(sizeof *l);
  log_begin();
  add(&head, 3);
  copy(l, head);
  statics();
  log_end();
  free(l);
  return 0;
}
