// SPDX-License-Identifier: Apache-2.0
// Prints the mean temperature. Looks at the number of readings before it has waited for the meter's thread:
// a race between this file and meter.c.
#include <cstdio>
#include <vector>

#include "meter/meter.h"
#include "stats/stats.h"

static bool any_reading_yet() { return meter_readings > 0; }

int main() {
  if (meter_start() != 0) return 1;
  const bool early = any_reading_yet();
  meter_stop();
  const std::vector<int> values(meter_values, meter_values + meter_readings);
  std::printf("%d readings, mean %.2f\n", meter_readings, stats::mean(values));
  return early && values.empty() ? 1 : 0;
}
