// SPDX-License-Identifier: Apache-2.0
// stdio over a pipe: what was done before the flush happens before the line is read.
// verdict: clean 20/20
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
    payload = 1;
    fputs("a line\n", out);
    fflush(out);
  });
  char line[16];
  if (!fgets(line, sizeof line, in)) abort();
  int seen = payload;
  t.join();
  return seen != 1;
}
