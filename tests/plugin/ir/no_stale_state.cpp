// SPDX-License-Identifier: Apache-2.0
// A goroutine may come back from any call on another OS thread. What is at gs is read again by every check and
// never addressed otherwise; no thread_local appears.
//
// RUN: %snagxx -O0 -fplugin-arg-snag-inline=all -S %s -o - | FileCheck %s --check-prefixes=ASM,NOTLS
// RUN: %snagxx -O2 -fplugin-arg-snag-inline=all -S %s -o - | FileCheck %s --check-prefixes=ASM,NOTLS
// RUN: %snagxx -O3 -fPIC -fplugin-arg-snag-inline=all -S %s -o - | FileCheck %s --check-prefixes=ASM,NOTLS
// NOTLS-NOT: %fs:
// NOTLS-NOT: rdgsbase
// NOTLS-NOT: movq %gs:0

void anything();

// ASM-LABEL: _Z5twicePi:
// The frame is linked:
// ASM: movq %gs:16, %r
// ASM: movq %r{{.*}}, %gs:16
// First access:
// ASM: %gs:8
// ASM: %gs:12
// ASM: callq {{.*}}_Z8anythingv
// Back on top, wherever that is now; then the second access:
// ASM: movq %r{{.*}}, %gs:16
// ASM: %gs:8
// ASM: %gs:12
// ASM: movq %r{{.*}}, %gs:16
// ASM: retq
void twice(int* p) {
  *p = 1;
  anything();
  *p = 2;
}

// Not hoisted out of the loop either, although only hooks are called there.
// ASM-LABEL: _Z4loopPiS_i:
// ASM: # =>This
// ASM: %gs:8
// ASM: %gs:12
// ASM: j
// ASM: retq
int loop(int* p, int* q, int n) {
  int sum = 0;
  for (int i = 0; i < n; ++i) sum += p[i * i];
  return sum;
}
