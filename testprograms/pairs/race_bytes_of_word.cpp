// SPDX-License-Identifier: Apache-2.0
// A two-byte write and a one-byte write that share a byte.
// verdict: race 20/20
// race: raw
#include <cstdint>
#include <cstring>

#include <snag/snag.h>

alignas(8) unsigned char raw[8];

int main() {
  snag::wait_group wg;
  wg.go([] {
    std::uint16_t value = 0x0101;
    std::memcpy(raw + 2, &value, 2);  // <- 1
  });
  raw[3] = 7;  // <- 2
  wg.wait();
  return raw[3] == 9;
}
