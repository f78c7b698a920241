// SPDX-License-Identifier: Apache-2.0
// One receives while it holds a mutex. Of those who send, one takes the mutex first, the other does not.
// verdict: clean 20/20
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
    answer.send(1);
  });
  all.go([&] { answer.send(2); });
  all.go([&] {
    turn.wait_for(1);
    {
      const guard lock(m);
      answer.recv();
    }
    answer.recv();
  });
  all.wait();
}
