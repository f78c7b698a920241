// SPDX-License-Identifier: Apache-2.0
// A 16-byte value is one object and several words: its upper half is what races.
// verdict: race 20/20
// race: wide upper
#include <cstdint>

#include <snag/snag.h>

struct alignas(16) pair_of_words {
  std::uint64_t lower = 0, upper = 0;
};

__extension__ typedef unsigned __int128 uint128;
union {
  uint128 wide;
  pair_of_words words;
} u = {0};

int main() {
  snag::wait_group wg;
  wg.go([] { u.wide = static_cast<uint128>(1) << 100; });  // <- 1
  u.words.upper = 2;                                       // <- 2
  wg.wait();
  return u.words.upper == 7;
}
