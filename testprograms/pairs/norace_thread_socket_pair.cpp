// SPDX-License-Identifier: Apache-2.0
// Both ends of a pair of sockets hand over: there and back.
// verdict: clean 20/20
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>
#include <thread>

int payload = 0;

int main() {
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) != 0) abort();
  std::thread t([&] {
    char c;
    if (recv(ends[1], &c, 1, 0) != 1) abort();
    payload += 1;
    if (write(ends[1], &c, 1) != 1) abort();
  });
  payload = 1;
  if (send(ends[0], "x", 1, 0) != 1) abort();
  char c;
  if (read(ends[0], &c, 1) != 1) abort();
  int seen = payload;
  t.join();
  return seen != 2;
}
