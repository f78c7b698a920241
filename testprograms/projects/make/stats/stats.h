// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <vector>

namespace stats {
double mean(const std::vector<int>& values);  // 0 if there are none
}
