// SPDX-License-Identifier: Apache-2.0
#include "count.h"

#include <snag/snag.h>

static bool is_prime(int n) {
  for (int d = 2; d * d <= n; ++d)
    if (n % d == 0) return false;
  return n > 1;
}

int count_primes(int limit) {
  const int parts = 4;
  int count = 0;
  snag::mutex mutex;
  snag::wait_group group;
  for (int part = 0; part < parts; ++part)
    group.go([&, part] {
      int mine = 0;
      for (int n = part; n < limit; n += parts) mine += is_prime(n);
      count += mine;
    });
  group.wait();
  return count;
}
