// SPDX-License-Identifier: Apache-2.0
// A goroutine reads from a pipe what a thread has written, after the attachment was there.
// verdict: clean 20/20
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
    seen = attached;
  });
  std::thread writer([&] {
    attached = 1;
    if (write(ends[1], "x", 1) != 1) std::abort();
  });
  all.wait();
  writer.join();
  return seen != 1;
}
