// SPDX-License-Identifier: Apache-2.0
// Checks stand in place in loops only; elsewhere a function of the detector's makes them. Who wants less or more
// says so.
//
// RUN: %snagxx -O1 -S -emit-llvm %s -o - | FileCheck %s --check-prefixes=CHECK,LOOPS
// RUN: %snagxx -O1 -fplugin-arg-snag-inline=loops -S -emit-llvm %s -o - | FileCheck %s --check-prefixes=CHECK,LOOPS
// RUN: %snagxx -Os -S -emit-llvm %s -o - | FileCheck %s --check-prefixes=CHECK,STUBS
// RUN: %snagxx -O1 -fplugin-arg-snag-inline=none -S -emit-llvm %s -o - | FileCheck %s --check-prefixes=CHECK,STUBS
// RUN: %snagxx -O1 -fplugin-arg-snag-inline=all -S -emit-llvm %s -o - | FileCheck %s --check-prefix=PLACE

// CHECK-LABEL: define{{.*}} @_Z5writePi(
// CHECK-NOT:   load atomic
// CHECK:       call preserve_mostcc void @__snag_check_write4_4(ptr {{.*}}%p, ptr {{.*}}@__snag_sites
// CHECK:       store i32 1, ptr %p
// PLACE-LABEL: define{{.*}} @_Z5writePi(
// PLACE:       load atomic
// PLACE:       call preserve_mostcc void @__snag_write4(
void write(int* p) { *p = 1; }

void anything();

// CHECK-LABEL: define{{.*}} @_Z4fillPii(
// LOOPS:       load atomic i32
// LOOPS:       call preserve_mostcc void @__snag_write4(
// STUBS-NOT:   load atomic
// STUBS:       call preserve_mostcc void @__snag_check_write4_4(
// CHECK:       @_Z8anythingv
void fill(int* p, int n) {
  for (int i = 0; i < n; ++i) {
    p[i] = 0;
    anything();
  }
}

// What is thrown ends the function: the hook itself.
// CHECK-LABEL: define{{.*}} @_Z4failPi(
// CHECK:       call preserve_mostcc void @__snag_read4(
// CHECK:       unreachable
[[noreturn]] void abandon(int);
void fail(int* p) {
  if (p != nullptr) abandon(*p);
}

// CHECK-LABEL: define{{.*}} @_Z9unalignedPv(
// CHECK:       call preserve_mostcc void @__snag_check_write8_1(
struct __attribute__((packed)) packed {
  char c;
  long l;
};
void unaligned(void* p) { static_cast<packed*>(p)->l = 1; }

// CHECK-LABEL: define{{.*}} @_Z4wide
// CHECK:       call preserve_mostcc void @__snag_check_write16_16(
void wide(__int128* p) { *p = 1; }
