// SPDX-License-Identifier: Apache-2.0
// Atomic operations are performed by the hooks, those in code that opted out of checks included.
//
// RUN: %snagxx -O0 -S -emit-llvm %s -o - | FileCheck %s
// RUN: %snagxx -O2 -S -emit-llvm %s -o - | FileCheck %s

#include <atomic>

// CHECK-LABEL: define{{.*}} @operations(
// CHECK: call {{.*}}i8 @__snag_atomic8_load(ptr {{.*}}, i32 {{.*}}2, ptr {{.*}}@__snag_sites
// CHECK: call void @__snag_atomic32_store(ptr {{.*}}, i32 {{.*}}, i32 {{.*}}3, ptr
// CHECK: call i64 @__snag_atomic64_update(ptr {{.*}}, i64 {{.*}}, i32 {{.*}}1, i32 {{.*}}5, ptr
// CHECK: call {{.*}}i32 @__snag_atomic32_compare_exchange(ptr {{.*}}, i32 {{.*}}, i32 {{.*}}, i32 {{.*}}4, i32 {{.*}}2, ptr
// CHECK: call void @__snag_fence(i32 {{.*}}5, ptr
extern "C" void operations(char* a, int* b, long* c, int* d, int expected) {
  char x = __atomic_load_n(a, __ATOMIC_ACQUIRE);
  __atomic_store_n(b, x, __ATOMIC_RELEASE);
  __atomic_fetch_add(c, 1, __ATOMIC_SEQ_CST);
  __atomic_compare_exchange_n(d, &expected, 2, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE);
  __atomic_thread_fence(__ATOMIC_SEQ_CST);
}

// CHECK-LABEL: define{{.*}} @opted_out(
// CHECK-NOT: @__snag_write
// CHECK: call void @__snag_atomic32_store(
// CHECK-NOT: @__snag_write
// CHECK: ret void
extern "C" __attribute__((no_sanitize("thread"))) void opted_out(int* a, int* b) {
  *b = 1;
  __atomic_store_n(a, 1, __ATOMIC_RELEASE);
}

// CHECK-LABEL: define{{.*}} @nothing(
// CHECK-NOT: @__snag_
// CHECK: ret void
extern "C" __attribute__((disable_sanitizer_instrumentation)) void nothing(int* a, int* b) { *b = *a; }

// For signal handlers on the same thread only: not synchronisation.
// CHECK-LABEL: define{{.*}} @signals(
// CHECK-NOT: @__snag_fence
// CHECK: ret void
extern "C" void signals() { std::atomic_signal_fence(std::memory_order_seq_cst); }
