// SPDX-License-Identifier: Apache-2.0
// What only fills a stream's buffer orders nothing, and what follows the flush neither.
// verdict: race 20/20
// race: payload
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <thread>

int payload = 0;

int main() {
  int ends[2];
  if (pipe(ends) != 0) abort();
  FILE* const in = fdopen(ends[0], "r");
  FILE* const out = fdopen(ends[1], "w");
  std::thread t([&] {
    fputs("a line\n", out);
    fflush(out);
    payload = 1;  // <- 1
    fputs("more", out);
  });
  char line[16];
  if (!fgets(line, sizeof line, in)) abort();
  int seen = payload;  // <- 2
  t.join();
  return seen > 1;
}
