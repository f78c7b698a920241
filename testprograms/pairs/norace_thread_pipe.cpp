// SPDX-License-Identifier: Apache-2.0
// What is written into a pipe happens before what reads it, and so does closing it before the end is read.
// verdict: clean 20/20
#include <unistd.h>

#include <cstdlib>
#include <thread>

int payload = 0, last_words = 0;

int main() {
  int ends[2];
  if (pipe(ends) != 0) abort();
  std::thread t([&] {
    payload = 1;
    if (write(ends[1], "x", 1) != 1) abort();
    last_words = 2;
    close(ends[1]);
  });
  char c;
  if (read(ends[0], &c, 1) != 1) abort();
  int seen = payload;
  if (read(ends[0], &c, 1) != 0) abort();
  seen += last_words;
  t.join();
  return seen != 3;
}
