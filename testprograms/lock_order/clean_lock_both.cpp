// SPDX-License-Identifier: Apache-2.0
// std::scoped_lock takes several in any order: it backs off.
// verdict: clean 20/20
#include "beside.h"

mutex a, b;

int main() {
  beside all;
  all.go([] {
    for (int i = 0; i < 10; ++i) const std::scoped_lock both(a, b);
  });
  all.go([] {
    for (int i = 0; i < 10; ++i) const std::scoped_lock both(b, a);
  });
  all.wait();
}
