// SPDX-License-Identifier: Apache-2.0
// What is done after the write is not ordered by it.
// verdict: race 20/20
// race: payload
#include <unistd.h>

#include <cstdlib>
#include <thread>

int payload = 0;

int main() {
  int ends[2];
  if (pipe(ends) != 0) abort();
  std::thread t([&] {
    if (write(ends[1], "x", 1) != 1) abort();
    payload = 1;  // <- 1
  });
  char c;
  if (read(ends[0], &c, 1) != 1) abort();
  int seen = payload;  // <- 2
  t.join();
  return seen > 1;
}
