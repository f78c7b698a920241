// SPDX-License-Identifier: Apache-2.0
// The function's return happens before the return of every call on that once.
// verdict: clean 20/20
#include <snag/snag.h>

int main() {
  int value = 0, seen = 0;
  snag::once first;
  snag::wait_group wg;
  wg.go([&] {
    first.call([&] { value = 1; });
    seen = value;
  });
  first.call([&] { value = 1; });
  int mine = value;
  wg.wait();
  return mine != seen;
}
