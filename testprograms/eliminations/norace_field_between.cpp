// SPDX-License-Identifier: Apache-2.0
// Two fields of each element are read, the one between them is somebody else's.
// verdict: clean 20/20
// link: -mavx2
#include <snag/snag.h>

struct entry {
  int first, others, last, spare;
};
entry entries[64];

[[gnu::noinline]] long sum(const entry* e, int n) {
  long total = 0;
  for (int i = 0; i < n; ++i) total += e[i].first + e[i].last;
  return total;
}

int main() {
  snag::wait_group wg;
  wg.go([] {
    for (entry& e : entries) e.others = 1;
  });
  long total = sum(entries, 64);
  wg.wait();
  return total != 0;
}
