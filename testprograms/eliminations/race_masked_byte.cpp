// SPDX-License-Identifier: Apache-2.0
// The mask leaves the first byte out; the write behind it does not.
// verdict: race 20/20
// race: bytes
#include <emmintrin.h>

#include <snag/snag.h>

alignas(16) char bytes[16];

[[gnu::noinline]] void write(__m128i values, __m128i mask) {
  _mm_maskmoveu_si128(values, mask, bytes);
  bytes[0] = 7;  // <- 1
}

int main() {
  snag::wait_group wg;
  int seen = 0;
  wg.go([&] {
    seen = bytes[0];  // <- 2
  });
  const __m128i all_but_one = _mm_slli_si128(_mm_set1_epi8(-1), 1);
  write(_mm_set1_epi8(1), all_but_one);
  wg.wait();
  return seen == 8;
}
