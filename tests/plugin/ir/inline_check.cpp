// SPDX-License-Identifier: Apache-2.0
// The inline check of each size, and what stands behind it.
//
// RUN: %snagxx -O1 -fplugin-arg-snag-inline=all -S -emit-llvm %s -o - | FileCheck %s
// RUN: %snagxx -O1 -fplugin-arg-snag-no-inline -S -emit-llvm %s -o - | FileCheck %s --check-prefix=CALLS

// CHECK-LABEL: define{{.*}} @_Z6write4Pi(
// CHECK:       [[A:%.*]] = ptrtoint ptr %p to i64
// CHECK:       [[X:%.*]] = xor i64 [[A]], 35184373137408
// CHECK:       [[P:%.*]] = inttoptr i64 [[X]] to ptr
// CHECK:       [[C:%.*]] = load atomic i32, ptr [[P]] monotonic, align 4
// CHECK:       [[B:%.*]] = load volatile i32, ptr addrspace(256) inttoptr (i64 8 to ptr addrspace(256))
// CHECK:       [[D:%.*]] = sub i32 [[C]], [[B]]
// CHECK:       [[S:%.*]] = load volatile i32, ptr addrspace(256) inttoptr (i64 12 to ptr addrspace(256))
// CHECK:       [[H:%.*]] = icmp ult i32 [[D]], [[S]]
// CHECK:       br i1 [[H]], label %[[HOT:[^,]*]], label %[[COLD:[^,]*]], {{.*}}!prof [[PROF:![0-9]+]]
// CHECK:       [[COLD]]:
// CHECK:       call preserve_mostcc void @__snag_write4(ptr {{.*}}%p, ptr {{.*}}@__snag_sites
// CHECK-NEXT:  br label %[[HOT]]
// CHECK:       [[HOT]]:
// CHECK:       store i32 1, ptr %p
// CALLS-LABEL: define{{.*}} @_Z6write4Pi(
// CALLS-NOT:   load atomic
// CALLS:       call preserve_mostcc void @__snag_write4(
void write4(int* p) { *p = 1; }

// CHECK-LABEL: define{{.*}} @_Z5read4Pi(
// CHECK:       xor i64 {{.*}}, 70368746274816
// CHECK:       call preserve_mostcc void @__snag_read4(
int read4(int* p) { return *p; }

// Both cells of eight bytes in one load.
// CHECK-LABEL: define{{.*}} @_Z6write8Pl(
// CHECK:       load atomic i64, ptr {{.*}} monotonic, align 8
// CHECK-NOT:   load atomic
// CHECK:       icmp {{eq|ne}} i32
// CHECK:       call preserve_mostcc void @__snag_write8(
void write8(long* p) { *p = 1; }

// CHECK-LABEL: define{{.*}} @_Z7write16Pn(
// CHECK:       load atomic i64
// CHECK:       load atomic i64
// CHECK:       icmp {{eq|ne}} i64
// CHECK:       call preserve_mostcc void @__snag_write16(
void write16(__int128* p) { *p = 1; }

// The mask of the bytes needed depends on the address.
// CHECK-LABEL: define{{.*}} @_Z6write1Pc(
// CHECK-DAG:   and i64 {{.*}}, -4
// CHECK-DAG:   shl {{.*}}i32 268435456
// CHECK-DAG:   or {{.*}}i32 {{.*}}, 268435455
// CHECK:       call preserve_mostcc void @__snag_write1(
void write1(char* p) { *p = 1; }

// CHECK-LABEL: define{{.*}} @_Z6write2Ps(
// CHECK:       shl {{.*}}i32 805306368
// CHECK:       call preserve_mostcc void @__snag_write2(
void write2(short* p) { *p = 1; }

// Alignment unknown: tested, and the range hook behind it; the cell is loaded from an aligned address.
struct __attribute__((packed)) packed {
  char c;
  long l;
};
// CHECK-LABEL: define{{.*}} @_Z9unalignedP6packed(
// CHECK:       and i64 {{.*}}, -8
// CHECK:       load atomic i64, ptr {{.*}} monotonic, align 8
// CHECK:       and i64 {{.*}}, 7
// CHECK:       call preserve_mostcc void @__snag_write_range(ptr {{.*}}, i64 8, ptr
void unaligned(packed* p) { p->l = 1; }

// More than 16 bytes at once.
typedef float wide __attribute__((vector_size(32)));
// CHECK-LABEL: define{{.*}} @_Z6vectorPDv8_fS0_(
// CHECK:       call preserve_mostcc void @__snag_read_range(ptr {{.*}}, i64 32, ptr
// CHECK:       call preserve_mostcc void @__snag_write_range(ptr {{.*}}, i64 32, ptr
void vector(wide* to, wide* from) { *to = *from; }

// CHECK-LABEL: define{{.*}} @_Z4copyPvPKvm(
// CHECK:       call preserve_mostcc void @__snag_read_range(ptr {{.*}}%from, i64 %n, ptr
// CHECK:       call preserve_mostcc void @__snag_write_range(ptr {{.*}}%to, i64 %n, ptr
// CHECK:       call void @llvm.memcpy
void copy(void* to, const void* from, unsigned long n) { __builtin_memcpy(to, from, n); }

// CHECK: declare preserve_mostcc void @__snag_write4(ptr nocapture, ptr)
// CHECK-SAME: [[HOOK:#[0-9]+]]
// CHECK: attributes [[HOOK]] = { cold nounwind nonlazybind willreturn memory(read, inaccessiblemem: readwrite) }
// CHECK: [[PROF]] = !{!"branch_weights", i32 100000, i32 1}
