// SPDX-License-Identifier: Apache-2.0
// Another pair of sockets orders nothing here.
// verdict: race 20/20
// race: payload
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>
#include <thread>

int payload = 0;

int main() {
  int ends[2], others[2];
  if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) != 0) abort();
  if (socketpair(AF_UNIX, SOCK_STREAM, 0, others) != 0) abort();
  if (send(others[0], "x", 1, 0) != 1) abort();
  std::thread t([&] {
    payload = 1;  // <- 1
    if (send(ends[0], "x", 1, 0) != 1) abort();
  });
  char c;
  if (recv(others[1], &c, 1, 0) != 1) abort();
  int seen = payload;  // <- 2
  t.join();
  return seen > 1;
}
