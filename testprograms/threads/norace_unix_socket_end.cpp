// SPDX-License-Identifier: Apache-2.0
// shutdown is seen as the end of the stream: everything before it has happened.
// verdict: clean 20/20
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <thread>

int log_size = 0;

int main() {
  const int listening = socket(AF_UNIX, SOCK_STREAM, 0);
  sockaddr_un address{};  // no name: the kernel chooses one
  address.sun_family = AF_UNIX;
  if (bind(listening, reinterpret_cast<sockaddr*>(&address), sizeof address.sun_family) != 0) std::abort();
  socklen_t size = sizeof address;
  if (getsockname(listening, reinterpret_cast<sockaddr*>(&address), &size) != 0) std::abort();
  if (listen(listening, 1) != 0) std::abort();
  std::thread client([&] {
    const int s = socket(AF_UNIX, SOCK_STREAM, 0);
    if (connect(s, reinterpret_cast<sockaddr*>(&address), size) != 0) std::abort();
    log_size = 2;
    shutdown(s, SHUT_WR);
    char c;
    if (recv(s, &c, 1, 0) != 1) std::abort();
    close(s);
  });
  const int s = accept(listening, nullptr, nullptr);
  char c;
  if (recv(s, &c, 1, 0) != 0) std::abort();
  int seen = log_size;
  if (send(s, "!", 1, 0) != 1) std::abort();
  client.join();
  close(s);
  close(listening);
  return seen != 2;
}
