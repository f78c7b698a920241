// SPDX-License-Identifier: Apache-2.0
// A goroutine reads from a pipe what a thread has written; the attachment comes later.
// verdict: race 20/20
// race: attached
#include <unistd.h>

#include <cstdlib>
#include <thread>

#include <snag/snag.h>

int attached = 0;

int main() {
  int ends[2];
  if (pipe(ends) != 0) std::abort();
  int seen = 0;
  snag::wait_group all;
  all.go([&] {
    char c;
    const auto n = snag::blocking([&] { return read(ends[0], &c, 1); });
    if (n != 1) std::abort();
    seen = attached;  // <- 1
  });
  std::thread writer([&] {
    if (write(ends[1], "x", 1) != 1) std::abort();
    attached = 1;  // <- 2
  });
  all.wait();
  writer.join();
  return seen > 1;
}
