// SPDX-License-Identifier: Apache-2.0
// A buffered channel of one element is passed round: who holds it has its turn.
// verdict: clean 20/20
#include "../beside.h"

mutex a, b;

int main() {
  snag::chan<int> token(1);
  token.send(1);
  beside all;
  for (int i = 0; i < 6; ++i)
    all.go([=] {
      token.recv();
      {
        const guard first(i % 2 == 0 ? a : b);
        const guard second(i % 2 == 0 ? b : a);
      }
      token.send(1);
    });
  all.wait();
}
