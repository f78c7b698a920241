// SPDX-License-Identifier: Apache-2.0
// The reader says that it has finished, and only then is the node freed.
// verdict: clean 20/20
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
    seen = n->value;
    read_done.send();
  });
  read_done.recv();
  delete n;
  wg.wait();
  return seen != 1;
}
