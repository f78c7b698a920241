// SPDX-License-Identifier: Apache-2.0
// Datagrams on a pair of sockets: the weight belongs to the second one, and the first was received.
// verdict: race 20/20
// race: weight
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>
#include <thread>

int weight = 0;

int main() {
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_DGRAM, 0, ends) != 0) std::abort();
  std::thread sender([&] {
    if (send(ends[1], "first", 5, 0) != 5) std::abort();
    char c;
    if (recv(ends[1], &c, 1, 0) != 1) std::abort();
    weight = 70;  // <- 1
    if (send(ends[1], "second", 6, 0) != 6) std::abort();
  });
  char text[8];
  if (recv(ends[0], text, sizeof text, 0) != 5) std::abort();
  if (send(ends[0], "a", 1, 0) != 1) std::abort();
  int seen = weight;  // <- 2
  sender.join();
  return seen > 70;
}
