// SPDX-License-Identifier: Apache-2.0
// Accepting is not answered by anything: what the server does then is not ordered before what the client
// does.
// verdict: race 20/20
// race: payload
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>
#include <thread>

int payload = 0;

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
    if (connect(fd, name, size) != 0) abort();
    payload += 1;  // <- 1
    close(fd);
  });
  const int fd = accept(listening, nullptr, nullptr);
  payload = 1;  // <- 2
  client.join();
  return fd < 0;
}
