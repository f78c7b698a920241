// SPDX-License-Identifier: Apache-2.0
// Local variables are checked from the point on where somebody else could know their address, and where they
// are initialised if somebody later does.
//
// RUN: %snagxx -O1 -fplugin-arg-snag-inline=all -S -emit-llvm %s -o - | FileCheck %s
// RUN: %snagxx -O1 -fplugin-arg-snag-inline=all -fplugin-arg-snag-no-opt -S -emit-llvm %s -o - | FileCheck %s --check-prefix=ALL

void publish(void*);
int get();


// CHECK-LABEL: define{{.*}} @_Z8unsharedii(
// CHECK-NOT:   @__snag_{{read|write}}
// CHECK:       ret i32
// ALL-LABEL:   define{{.*}} @_Z8unsharedii(
// ALL:         @__snag_write4
// ALL:         ret i32
int unshared(int i, int j) {
  int values[4] = {};
  values[i] = 1;
  return values[j];
}

// Read before anybody can know it: not checked. After: checked.
// CHECK-LABEL: define{{.*}} @_Z6beforeii(
// CHECK:       call preserve_mostcc void @__snag_write4(
// CHECK-NOT:   @__snag_read
// CHECK:       @_Z7publishPv
// CHECK:       call preserve_mostcc void @__snag_read4(
// CHECK:       ret i32
int before(int i, int j) {
  int values[4];
  values[i] = get();
  int sum = values[j];
  publish(values);
  return sum + values[j];
}

// The address of one element publishes all (a check of the element's own pointer would miss this).
// CHECK-LABEL: define{{.*}} @_Z5arrayv(
// CHECK:       @_Z7publishPv
// CHECK:       call preserve_mostcc void @__snag_write4(
// CHECK:       ret void
void array() {
  int values[2];
  publish(&values[0]);
  values[1] = 44;
  publish(&values[0]);
}

// In a loop, the next round's write comes after this round's publication.
// CHECK-LABEL: define{{.*}} @_Z4loopi(
// CHECK:       call preserve_mostcc void @__snag_write4(
// CHECK:       @_Z7publishPv
void loop(int n) {
  int x;
  for (int i = 0; i < n; ++i) {
    x = i;
    publish(&x);
  }
}

// On a path that never publishes, nothing is checked.
// CHECK-LABEL: define{{.*}} @_Z4pathbii(
// CHECK-NOT:   @__snag_{{read|write}}
// CHECK:       ret i32
int path(bool give_up, int i, int j) {
  int values[4];
  if (give_up) {
    values[i] = 1;
    return values[j];
  }
  publish(values);
  return 0;
}

// Constants, vtables and errno cannot be raced for.
struct shape {
  virtual int area();
};
extern const int limits[4];
const int limits[4] = {1, 2, 3, 4};
extern "C" int* __errno_location() noexcept __attribute__((const));
// CHECK-LABEL: define{{.*}} @_Z6exempti(
// CHECK-NOT:   @__snag_{{read|write}}
// CHECK:       ret i32
int exempt(int i) {
  *__errno_location() = 0;
  return limits[i];
}

// The object's own vtable pointer is memory like any other; what it points to is not.
// CHECK-LABEL: define{{.*}} @_Z8virtual_P5shape(
// CHECK:       call preserve_mostcc void @__snag_read8(
// CHECK-NOT:   @__snag_read
// CHECK:       ret i32
int virtual_(shape* s) { return s->area(); }
