// SPDX-License-Identifier: Apache-2.0
// Five philosophers: each takes the lower fork first.
// verdict: clean 20/20
#include "beside.h"

#include <algorithm>

constexpr int seats = 5;
mutex forks[seats];

int main() {
  beside table;
  for (int seat = 0; seat < seats; ++seat)
    table.go([seat] {
      const int left = seat, right = (seat + 1) % seats;
      for (int meal = 0; meal < 3; ++meal) {
        const guard lower(forks[std::min(left, right)]);
        const guard upper(forks[std::max(left, right)]);
      }
    });
  table.wait();
}
