// SPDX-License-Identifier: Apache-2.0
// One who holds a mutex looks whether something has come, and goes on if not.
// verdict: clean 20/20
#include <chrono>

#include "../beside.h"

mutex m;

int main() {
  snag::chan<int> answer;
  turns turn;
  beside all;
  all.go([&] {
    {
      const guard lock(m);
    }
    turn.next();
    snag::select(snag::on_send(answer, 42), snag::on_timeout(std::chrono::seconds(1)));
  });
  all.go([&] {
    turn.wait_for(1);
    const guard lock(m);
    snag::select(snag::on_recv(answer), snag::on_default());
  });
  all.wait();
}
