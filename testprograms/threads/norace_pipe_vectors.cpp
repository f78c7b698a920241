// SPDX-License-Identifier: Apache-2.0
// writev sends two buffers at once, readv fills two; afterwards they are the receiver's.
// verdict: clean 20/20
#include <sys/uio.h>
#include <unistd.h>

#include <cstdlib>
#include <thread>

int header = 0, body[4] = {};

int main() {
  int ends[2];
  if (pipe(ends) != 0) std::abort();
  iovec parts[] = {{&header, sizeof header}, {body, sizeof body}};
  std::thread sender([&] {
    header = 4;
    body[0] = 1;
    if (writev(ends[1], parts, 2) != sizeof header + sizeof body) std::abort();
  });
  int header_read, body_read[4];
  iovec places[] = {{&header_read, sizeof header_read}, {body_read, sizeof body_read}};
  if (readv(ends[0], places, 2) != sizeof header + sizeof body) std::abort();
  body[0]++;
  sender.join();
  return header_read != 4 || body_read[0] != 1;
}
