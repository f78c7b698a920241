// SPDX-License-Identifier: Apache-2.0
// The second order begins when a channel says that the first is over.
// verdict: clean 20/20
#include "../beside.h"

mutex a, b;

int main() {
  snag::chan<int> over;
  beside all;
  all.go([=] {
    {
      const guard first(a);
      const guard second(b);
    }
    over.send(1);
  });
  all.go([=] {
    over.recv();
    const guard first(b);
    const guard second(a);
  });
  all.wait();
}
