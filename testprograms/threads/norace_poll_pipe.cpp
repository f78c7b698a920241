// SPDX-License-Identifier: Apache-2.0
// poll over two pipes: main reads from each as it becomes ready, and then knows what its writer did.
// verdict: clean 20/20
#include <poll.h>
#include <unistd.h>

#include <cstdlib>
#include <thread>

int page[2];

int main() {
  int pipes[2][2];
  if (pipe(pipes[0]) != 0 || pipe(pipes[1]) != 0) std::abort();
  const auto print = [&](int me) {
    page[me] = me + 1;
    if (write(pipes[me][1], "p", 1) != 1) std::abort();
  };
  std::thread a(print, 0), b(print, 1);
  int sum = 0;
  pollfd ready[] = {{pipes[0][0], POLLIN, 0}, {pipes[1][0], POLLIN, 0}};
  for (int left = 2; left > 0;) {
    if (poll(ready, 2, -1) < 1) std::abort();
    for (int i = 0; i < 2; ++i) {
      char c;
      if ((ready[i].revents & POLLIN) == 0) continue;
      if (read(ready[i].fd, &c, 1) != 1) std::abort();
      sum += page[i];
      ready[i].fd = -1;
      --left;
    }
  }
  a.join();
  b.join();
  return sum != 3;
}
