// SPDX-License-Identifier: Apache-2.0
// Freeing while another goroutine still reads: the two are not ordered, whichever comes first.
// verdict: race 20/20
// race: value node *n
#include <snag/snag.h>

struct node {
  int value = 1;
  node* next = nullptr;
};

int main() {
  node* n = new node;
  int seen = 0;
  snag::chan<void> read_done(1);
  snag::wait_group wg;
  wg.go([&, n] {
    seen = n->value;  // <- 1
    read_done.send();
  });
  while (read_done.len() == 0) snag::yield();
  delete n;  // <- 2
  wg.wait();
  return seen == 7;
}
