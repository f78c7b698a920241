// SPDX-License-Identifier: Apache-2.0
// A flow is cancelled by a message to each of its streams in turn; the first is full and not read by anybody,
// so the second never hears of it.
// shape: orphan
// dead: cancel, the reader, main
#include <vector>

#include <snag/snag.h>

using stream = snag::chan<int>;

void cancel(std::vector<stream> inbound) {
  for (auto& s : inbound) {
    s << -1;  // <- dead 1
    s.close();
  }
}

int main() {
  stream unread(1), read;
  unread << 1;
  snag::wait_group wg;
  wg.go([read] {
    while (read.next()) {  // <- dead 1
    }
  });
  wg.go(cancel, std::vector{unread, read});
  wg.wait();  // <- dead 1
}
