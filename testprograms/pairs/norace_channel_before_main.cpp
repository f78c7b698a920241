// SPDX-License-Identifier: Apache-2.0
// What an initialiser does after it has used a channel, under a name of its own, is done before main begins.
// verdict: clean 20/20
#include <snag/snag.h>

int table[2];

const bool filled = [] {
  snag::chan<int> one(1);
  one.send(1);
  table[0] = one.recv();
  table[1] = 2;
  return true;
}();

int main() {
  table[0] += table[1];
  snag::chan<int> sum;
  snag::go([=] { sum.send(table[0]); });
  return filled && sum.recv() == 3 ? 0 : 1;
}
