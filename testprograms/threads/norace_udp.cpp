// SPDX-License-Identifier: Apache-2.0
// UDP over loopback: the datagram that arrived orders what its sender did before.
// verdict: clean 20/20
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>
#include <thread>

int answer = 0;

int main() {
  const int server = socket(AF_INET, SOCK_DGRAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  if (bind(server, reinterpret_cast<sockaddr*>(&address), size) != 0) std::abort();
  if (getsockname(server, reinterpret_cast<sockaddr*>(&address), &size) != 0) std::abort();
  std::thread client([&] {
    const int s = socket(AF_INET, SOCK_DGRAM, 0);
    answer = 42;
    if (sendto(s, "?", 1, 0, reinterpret_cast<sockaddr*>(&address), size) != 1) std::abort();
    close(s);
  });
  char text[4];
  if (recvfrom(server, text, sizeof text, 0, nullptr, nullptr) != 1) std::abort();
  int seen = answer;
  client.join();
  close(server);
  return seen != 42;
}
