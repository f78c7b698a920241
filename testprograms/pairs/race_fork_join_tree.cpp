// SPDX-License-Identifier: Apache-2.0
// Each node adds its children's sums before they are all there: the right half is never waited for.
// verdict: race 20/20
// race: sum node
#include <snag/snag.h>

struct node {
  long sum = 0;
};

void add_up(node& out, int from, int to, snag::wait_group all) {
  if (to - from == 1) {
    out.sum = from;  // <- 1
    return;
  }
  auto left = new node, right = new node;
  int middle = from + (to - from) / 2;
  snag::wait_group mine;
  mine.go([&] { add_up(*left, from, middle, all); });
  all.go([=] { add_up(*right, middle, to, all); });
  mine.wait();
  out.sum = left->sum + right->sum;  // <- 1 2
}

int main() {
  node root;
  snag::wait_group all;
  add_up(root, 0, 8, all);
  all.wait();
  return root.sum == 7;
}
