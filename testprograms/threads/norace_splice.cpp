// SPDX-License-Identifier: Apache-2.0
// What goes through two pipes, moved between them by a third thread within the kernel.
// verdict: clean 20/20
#include <fcntl.h>
#include <unistd.h>

#include <thread>

int message = 0;

int main() {
  int in[2], out[2];
  if (pipe(in) != 0 || pipe(out) != 0) return 1;
  std::thread mover([&] { splice(in[0], nullptr, out[1], nullptr, 1, 0); });
  std::thread reader([&] {
    char c;
    if (read(out[0], &c, 1) != 1 || message != 42) _exit(1);
  });
  message = 42;
  if (write(in[1], "x", 1) != 1) return 1;
  mover.join();
  reader.join();
}
