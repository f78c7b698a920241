// SPDX-License-Identifier: Apache-2.0
// One receives while it holds a mutex that the sender takes only after it has sent, or in its own turn.
// verdict: clean 20/20
#include "../beside.h"

mutex m;

int main() {
  snag::chan<int> ready, answer;
  beside all;
  all.go([=] {
    {
      const guard lock(m);
    }
    ready.send(1);
    answer.send(42);
    const guard lock(m);
  });
  all.go([=] {
    ready.recv();
    const guard lock(m);
    answer.recv();
  });
  all.wait();
}
