// SPDX-License-Identifier: Apache-2.0
// poll over two pipes: main reads from the one whose writer has said less.
// verdict: race 20/20
// race: page
#include <poll.h>
#include <unistd.h>

#include <cstdlib>
#include <thread>

int page[2];

int main() {
  int pipes[2][2];
  if (pipe(pipes[0]) != 0 || pipe(pipes[1]) != 0) std::abort();
  const auto print = [&](int me) {
    page[me] = me + 1;  // <- 1
    if (write(pipes[me][1], "p", 1) != 1) std::abort();
  };
  std::thread a(print, 0), b(print, 1);
  int sum = 0;
  pollfd ready = {pipes[0][0], POLLIN, 0};
  char c;
  if (poll(&ready, 1, -1) != 1 || read(ready.fd, &c, 1) != 1) std::abort();
  sum = page[0] + page[1];  // <- 2
  a.join();
  b.join();
  return sum > 3;
}
