// SPDX-License-Identifier: Apache-2.0
// Exactly the bytes that are touched, whatever the operation.
//
// RUN: %snagxx -O0 -mavx2 %s %link -o %t0 && %t0 > %t.out && FileCheck %s < %t.out
// RUN: %snagxx -O1 -mavx2 %s %link -o %t1 && %t1 > %t.out && FileCheck %s < %t.out
// RUN: %snagxx -O2 -mavx2 %s %link -o %t2 && %t2 > %t.out && FileCheck %s < %t.out
// RUN: %snagxx -O3 -march=x86-64-v3 %s %link -o %t3 && %t3 > %t.out && FileCheck %s < %t.out
#include <immintrin.h>

#include <cstdarg>
#include <cstring>

#include "logging_hooks.h"

#define KEEP __attribute__((noinline))

alignas(64) char memory[256];
int sink;

struct big {
  char bytes[24];
};
struct __attribute__((packed)) odd {
  char bytes[3];
};
struct bits {
  unsigned a : 3, b : 20;
  unsigned char c;
};
struct padded {
  long l;
  char c;
};

KEEP void blocks(char* m, unsigned long n) {
  // CHECK: write range 40 +8 `*m + 8`{{.*}}blocks
  std::memset(m + 8, 1, n);
  // CHECK-DAG: read range 40 +100
  // CHECK-DAG: write range 40 +1 {{.*}}blocks
  std::memcpy(m + 1, m + 100, n);
  // CHECK-DAG: read range 40 +1 {{.*}}blocks
  // CHECK-DAG: write range 40 +3 {{.*}}blocks
  std::memmove(m + 3, m + 1, n);
  // Nothing at all:
  // CHECK-NOT: +200
  std::memset(m + 200, 1, n - 40);
  // CHECK: write range 8 +16 {{.*}}blocks
  std::memset(m + 16, 1, 8);
}

KEEP void structures(big* to, const big* from, odd* o, const odd* p) {
  // CHECK-DAG: read range 24 +64 {{.*}}from{{.*}}structures
  // CHECK-DAG: write range 24 +0 {{.*}}structures
  *to = *from;
  // CHECK-DAG: {{read (range 3|2) \+130}}
  // CHECK-DAG: {{write (range 3|2) \+141}}
  *o = *p;
}

KEEP void by_value(big b) { sink = b.bytes[3]; }
KEEP void calls(const big* from) {
  // CHECK: read range 24 +64 {{.*}}calls
  by_value(*from);
}

KEEP void bit_fields(bits* b) {
  // CHECK: write {{(4|range 3)}} +32 bits::b `b->b` {{.*}}bit_fields
  b->b = 5;
  // CHECK: write 1 +35 bits::c `b->c` {{.*}}bit_fields
  b->c = 6;
}

KEEP void masks(int* p, __m256i mask, __m256i value) {
  // CHECK-NOT: +40 {{.*}}masks
  // CHECK: read range 4 +32 {{.*}}masks
  // CHECK-NEXT: read range 4 +44 {{.*}}masks
  value = _mm256_maskload_epi32(p + 8, mask);
  // CHECK-NEXT: write range 4 +0 {{.*}}masks
  // CHECK-NEXT: write range 4 +12 {{.*}}masks
  _mm256_maskstore_epi32(p, mask, value);
  sink = _mm256_extract_epi32(value, 0);
}

KEEP void gathers(const int* p, __m256i indices) {
  // CHECK: read range 4 +0 {{.*}}gathers
  // CHECK-NEXT: read range 4 +8 {{.*}}gathers
  // CHECK-NEXT: read range 4 +16 {{.*}}gathers
  // CHECK-NEXT: read range 4 +24 {{.*}}gathers
  // CHECK-NEXT: read range 4 +32 {{.*}}gathers
  // CHECK-NEXT: read range 4 +40 {{.*}}gathers
  // CHECK-NEXT: read range 4 +48 {{.*}}gathers
  // CHECK-NEXT: read range 4 +56 {{.*}}gathers
  sink = _mm256_extract_epi32(_mm256_i32gather_epi32(p, indices, 4), 3);
}

KEEP void vectors(float* p) {
  // CHECK-DAG: read range 32 +64 {{.*}}vectors
  // CHECK-DAG: write range 32 +0 {{.*}}vectors
  _mm256_storeu_ps(p, _mm256_loadu_ps(p + 16));
  // CHECK: write {{(range )?}}16 +128 {{.*}}vectors
  _mm_stream_ps(p + 32, _mm_setzero_ps());
}

// A vectorised loop touches no field that the source does not.
KEEP int fields(const padded* p) {
  int sum = 0;
  // CHECK-NOT: read {{.*}}+8 {{.*}}fields
  // CHECK: read 8 +0 padded::l {{.*}}fields
  // CHECK: read 8 +16 padded::l {{.*}}fields
  for (int i = 0; i < 16; ++i) sum += static_cast<int>(p[i].l);
  return sum;
}

KEEP int variadic(int n, ...) {
  va_list list;
  va_start(list, n);
  int sum = 0;
  for (int i = 0; i < n; ++i) sum += va_arg(list, int);
  va_end(list);
  return sum;
}

KEEP void long_doubles(long double* p) {
  // CHECK: write range 10 +16 {{.*}}long_doubles
  p[1] = sink;
}

KEEP void complexes(_Complex double* p) {
  // CHECK-DAG: write 8 +0 {{.*}}complexes
  // CHECK-DAG: write 8 +8 {{.*}}complexes
  __real__ *p = 1.0;
  __imag__ *p = sink;
}

int main() {
  log_begin();
  log_object(memory, sizeof(memory));
  char* m = memory;
  blocks(m, 40);
  structures(reinterpret_cast<big*>(m), reinterpret_cast<big*>(m + 64), reinterpret_cast<odd*>(m + 141),
             reinterpret_cast<odd*>(m + 130));
  calls(reinterpret_cast<big*>(m + 64));
  bit_fields(reinterpret_cast<bits*>(m + 32));
  masks(reinterpret_cast<int*>(m), _mm256_setr_epi32(-1, 0, 0, -1, 0, 0, 0, 0), _mm256_set1_epi32(7));
  gathers(reinterpret_cast<int*>(m), _mm256_setr_epi32(0, 2, 4, 6, 8, 10, 12, 14));
  vectors(reinterpret_cast<float*>(m));
  sink = fields(reinterpret_cast<padded*>(m));
  sink = variadic(9, 1, 2, 3, 4, 5, 6, 7, 8, 9);
  long_doubles(reinterpret_cast<long double*>(m));
  complexes(reinterpret_cast<_Complex double*>(m));
  log_end();
  return sink == 45 ? 0 : 1;
}
