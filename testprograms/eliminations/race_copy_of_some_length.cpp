// SPDX-License-Identifier: Apache-2.0
// How much is copied is known when it runs: the write of the first byte does not stand for it.
// verdict: race 20/20
// race: bytes
#include <cstring>

#include <snag/snag.h>

char bytes[16];

[[gnu::noinline]] void write(const char* from, std::size_t length) {
  bytes[0] = 1;
  std::memcpy(bytes, from, length);  // <- 1
}

int main(int argc, char** argv) {
  snag::wait_group wg;
  int seen = 0;
  wg.go([&] {
    seen = bytes[5];  // <- 2
  });
  write(argv[0], static_cast<std::size_t>(argc) + 7);
  wg.wait();
  return seen == 300;
}
