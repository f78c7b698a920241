// SPDX-License-Identifier: Apache-2.0
// A connection over the loopback: connecting happens before accepting, sending before receiving, both ways.
// verdict: clean 20/20
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>
#include <thread>

int greeting = 0, payload = 0;

int main() {
  const int listening = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* const name = reinterpret_cast<sockaddr*>(&address);
  if (bind(listening, name, size) != 0 || listen(listening, 1) != 0) abort();
  if (getsockname(listening, name, &size) != 0) abort();
  std::thread client([&] {
    const int fd = socket(AF_INET, SOCK_STREAM, 0);
    greeting = 1;
    if (connect(fd, name, size) != 0) abort();
    char c;
    if (recv(fd, &c, 1, 0) != 1) abort();
    payload += 1;
    close(fd);
  });
  const int fd = accept(listening, nullptr, nullptr);
  int seen = greeting;
  payload = 1;
  if (send(fd, "x", 1, 0) != 1) abort();
  char c;
  if (read(fd, &c, 1) != 0) abort();
  seen += payload;
  client.join();
  return seen != 3;
}
