// SPDX-License-Identifier: Apache-2.0
// The receiver of the pointer owns what it points to, and may free it.
// verdict: clean 20/20
#include <snag/snag.h>

int main() {
  int sum = 0;
  snag::chan<int*> c(3);
  snag::wait_group wg;
  wg.go([&] {
    for (int i = 0; i < 10; ++i) c << new int(i);
    c.close();
  });
  for (int* p : c) {
    *p += 1;
    sum += *p;
    delete p;
  }
  wg.wait();
  return sum != 55;
}
