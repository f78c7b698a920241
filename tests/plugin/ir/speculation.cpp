// SPDX-License-Identifier: Apache-2.0
// The optimiser may not invent accesses: a load that the source makes under a condition stays there, or the
// report would be of a race that the program does not have.
//
// RUN: %snagxx -O2 -fplugin-arg-snag-inline=all -S -emit-llvm %s -o - | FileCheck %s
// RUN: %clangxx -O2 -S -emit-llvm %s -o - | FileCheck %s --check-prefix=PLAIN

// PLAIN-LABEL: define{{.*}} @_Z11conditionalbi(
// PLAIN-NOT:   br i1
// PLAIN:       select

// CHECK-LABEL: define{{.*}} @_Z11conditionalbi(
// CHECK-SAME: {{.*}} [[ATTRIBUTES:#[0-9]+]]
// CHECK:       br i1 %c,
// CHECK:       call preserve_mostcc void @__snag_read4(ptr {{.*}}@a,
int a;
int conditional(bool c, int x) {
  if (c) x = a;
  return x;
}

// CHECK: attributes [[ATTRIBUTES]] = {{.*}}sanitize_thread
