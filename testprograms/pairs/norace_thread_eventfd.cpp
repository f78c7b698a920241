// SPDX-License-Identifier: Apache-2.0
// An eventfd orders like a pipe, through a duplicate of its descriptor too.
// verdict: clean 20/20
#include <sys/eventfd.h>
#include <unistd.h>

#include <cstdlib>
#include <thread>

int payload = 0;

int main() {
  const int event = eventfd(0, 0), same = dup(event);
  std::thread t([&] {
    payload = 1;
    if (eventfd_write(same, 1) != 0) abort();
  });
  eventfd_t n;
  if (read(event, &n, sizeof n) != sizeof n) abort();
  int seen = payload;
  t.join();
  return seen != 1;
}
