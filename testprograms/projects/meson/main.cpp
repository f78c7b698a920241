// SPDX-License-Identifier: Apache-2.0
#include <snag/snag.h>

#include "count.h"

int main() {
  const int count = count_primes(1000);
  snag::println("{} primes below 1000", count);
  return count > 0 ? 0 : 1;
}
