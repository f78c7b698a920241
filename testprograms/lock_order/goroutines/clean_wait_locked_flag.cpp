// SPDX-License-Identifier: Apache-2.0
// Who waits with the mutex held does so only if it has seen that the other has had the mutex.
// verdict: clean 20/20
#include "../beside.h"

mutex m;
bool begun = false;

int main() {
  snag::chan<int> answer;
  turns turn;
  beside all;
  all.go([&] {
    {
      const guard lock(m);
      begun = true;
    }
    turn.next();
    answer.send(42);
  });
  all.go([&] {
    turn.wait_for(1);
    const guard lock(m);
    if (begun) answer.recv();
  });
  all.wait();
}
