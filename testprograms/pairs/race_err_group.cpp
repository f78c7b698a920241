// SPDX-License-Identifier: Apache-2.0
// Two tasks of a group are not ordered, although both end before wait() returns.
// verdict: race 20/20
// race: total
#include <snag/snag.h>

int main() {
  int total = 0;
  snag::err_group group;
  group.go([&] { total += 1; });  // <- 1
  group.go([&] { total += 2; });  // <- 2
  if (group.wait()) return 1;
  return total > 3;
}
