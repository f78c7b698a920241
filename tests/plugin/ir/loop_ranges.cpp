// SPDX-License-Identifier: Apache-2.0
// A loop that certainly goes through a range is checked once, before it; any other is not.
//
// RUN: %snagxx -O2 -S -emit-llvm %s -o - | FileCheck %s
// RUN: %snagxx -O2 -fplugin-arg-snag-no-opt -S -emit-llvm %s -o - | FileCheck %s --check-prefix=EACH

// Read and written at one place: the write stands for both.
// CHECK-LABEL: define{{.*}} @_Z5halvePdi(
// CHECK:       call preserve_mostcc void @__snag_write_range(ptr {{.*}}%v, i64 %{{.*}}, ptr {{.*}}@__snag_sites
// CHECK-NOT:   call preserve_mostcc
// CHECK:       <2 x double>
// CHECK:       ret void
// EACH-LABEL:  define{{.*}} @_Z5halvePdi(
// EACH-NOT:    _range
// EACH:        ret void
void halve(double* v, int n) {
  for (int i = 0; i < n; ++i) v[i] *= 0.5;
}

// CHECK-LABEL: define{{.*}} @_Z3sumPKiS0_(
// CHECK:       call preserve_mostcc void @__snag_read_range(
// CHECK-NOT:   call preserve_mostcc
// CHECK:       ret i32
int sum(const int* from, const int* to) {
  int s = 0;
  for (; from != to; ++from) s += *from;
  return s;
}

// CHECK-LABEL: define{{.*}} @_Z4findPKii(
// CHECK-NOT:   _range
// CHECK:       ret i32
int find(const int* v, int n) {
  int i = 0;
  while (i < n && v[i] != 1) ++i;
  return i;
}

// CHECK-LABEL: define{{.*}} @_Z4somePii(
// CHECK-NOT:   _range
// CHECK:       ret void
void some(int* v, int n) {
  for (int i = 0; i < n; ++i)
    if (i % 3 == 0) v[i] = i;
}

// CHECK-LABEL: define{{.*}} @_Z5everyPii(
// CHECK-NOT:   _range
// CHECK:       ret void
void every(int* v, int n) {
  for (int i = 0; i < n; i += 2) v[i] = i;
}

// CHECK-LABEL: define{{.*}} @_Z5callsPii(
// CHECK-NOT:   _range
// CHECK:       ret void
void anything();
void calls(int* v, int n) {
  for (int i = 0; i < n; ++i) {
    v[i] = 0;
    anything();
  }
}

// CHECK-LABEL: define{{.*}} @_Z5pollsPViPii(
// CHECK-NOT:   _range
// CHECK:       ret void
void polls(volatile int* flag, int* v, int n) {
  for (int i = 0; i < n; ++i) v[i] = *flag;
}
