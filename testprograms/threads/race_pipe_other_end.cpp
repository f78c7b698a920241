// SPDX-License-Identifier: Apache-2.0
// One pipe was written to, another one is read: no order between the two.
// verdict: race 20/20
// race: payload
#include <unistd.h>

#include <cstdlib>
#include <thread>

int payload = 0;

int main() {
  int from_worker[2], of_main[2];
  if (pipe(from_worker) != 0 || pipe(of_main) != 0 || write(of_main[1], "m", 1) != 1) std::abort();
  std::thread worker([&] {
    payload = 1;  // <- 1
    if (write(from_worker[1], "w", 1) != 1) std::abort();
  });
  char c;
  if (read(of_main[0], &c, 1) != 1) std::abort();
  int seen = payload;  // <- 2
  worker.join();
  return seen > 1;
}
