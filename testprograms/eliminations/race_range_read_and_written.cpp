// SPDX-License-Identifier: Apache-2.0
// Each element is read and then written, by a loop that never writes what another only reads.
// verdict: race 20/20
// race: values
#include <snag/snag.h>

double values[64];

[[gnu::noinline]] void halve(double* v, int n) {
  for (int i = 0; i < n; ++i) v[i] = v[i] * 0.5;  // <- 1
}

int main() {
  snag::wait_group wg;
  double seen = 0;
  wg.go([&] { seen = values[30]; });  // <- 2
  halve(values + 16, 40);
  wg.wait();
  return seen > 1;
}
