// SPDX-License-Identifier: Apache-2.0
#include "stats/stats.h"

#include <numeric>

double stats::mean(const std::vector<int>& values) {
  if (values.empty()) return 0;
  return static_cast<double>(std::accumulate(values.begin(), values.end(), 0)) /
         static_cast<double>(values.size());
}
