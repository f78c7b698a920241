// SPDX-License-Identifier: Apache-2.0
// One check stands for several of the same bytes in one block, until something is called.
//
// RUN: %snagxx -O0 -fplugin-arg-snag-inline=all -S -emit-llvm %s -o - | FileCheck %s
// RUN: %snagxx -O2 -fplugin-arg-snag-inline=all -S -emit-llvm %s -o - | FileCheck %s --check-prefixes=CHECK,OPT
// RUN: %snagxx -O0 -fplugin-arg-snag-inline=all -fplugin-arg-snag-no-opt -S -emit-llvm %s -o - | FileCheck %s --check-prefix=ALL

void anything();
int counter;

// CHECK-LABEL: define{{.*}} @_Z9incrementv(
// CHECK-NOT:   @__snag_read
// CHECK:       @__snag_write4(
// CHECK-NOT:   @__snag_{{read|write}}
// CHECK:       ret void
// ALL-LABEL:   define{{.*}} @_Z9incrementv(
// ALL:         @__snag_read4(
// ALL:         @__snag_write4(
void increment() { ++counter; }

// CHECK-LABEL: define{{.*}} @_Z6acrossv(
// CHECK:       @__snag_write4(
// CHECK:       @_Z8anythingv(
// CHECK:       @__snag_write4(
// CHECK:       ret void
void across() {
  counter = 1;
  anything();
  counter = 2;
}

// A read does not stand for a later write, nor a part for the whole.
union both {
  int part;
  long whole;
};
// CHECK-LABEL: define{{.*}} @_Z5partsPV4both(
// CHECK:       @__snag_read4(
// CHECK:       @__snag_read8(
// CHECK:       ret void
void parts(volatile both* b) {
  (void)b->part;
  (void)b->whole;
}

// The whole stands for its parts.
// CHECK-LABEL: define{{.*}} @_Z5wholePV4both(
// CHECK:       @__snag_write8(
// OPT-NOT:     @__snag_{{read|write}}
// CHECK:       ret void
void whole(volatile both* b) {
  b->whole = 1;
  (void)b->part;
}
