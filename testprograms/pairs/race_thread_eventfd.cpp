// SPDX-License-Identifier: Apache-2.0
// Two eventfds share an inode, but not their order.
// verdict: race 20/20
// race: payload
#include <sys/eventfd.h>
#include <unistd.h>

#include <cstdlib>
#include <thread>

int payload = 0;

int main() {
  const int event = eventfd(1, 0), other = eventfd(0, 0);
  std::thread t([&] {
    payload = 1;  // <- 1
    if (eventfd_write(other, 1) != 0) abort();
  });
  eventfd_t n;
  if (eventfd_read(event, &n) != 0) abort();
  int seen = payload;  // <- 2
  t.join();
  return seen > 1;
}
