// SPDX-License-Identifier: Apache-2.0
// A stream that is full needs no message: its reader finds it closed.
// verdict: clean 20/20
#include <vector>

#include <snag/snag.h>

using stream = snag::chan<int>;

void cancel(std::vector<stream> inbound) {
  for (auto& s : inbound) {
    snag::select(snag::on_send(s, -1), snag::on_default());
    s.close();
  }
}

int main() {
  stream unread(1), read;
  unread << 1;
  snag::wait_group wg;
  wg.go([read] {
    while (read.next()) {
    }
  });
  wg.go(cancel, std::vector{unread, read});
  wg.wait();
}
