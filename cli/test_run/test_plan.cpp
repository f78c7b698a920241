// SPDX-License-Identifier: Apache-2.0
#include "cli/test_run/test_plan.h"

#include <algorithm>

namespace snag::cli {

bool is_bad(verdict v) { return v != verdict::passed && v != verdict::skipped; }

verdict worse(verdict a, verdict b) {
  // From the least to the most telling. A round that did not run is worse than one that passed: what was
  // asked for did not happen.
  constexpr verdict order[] = {verdict::skipped, verdict::passed,  verdict::unstarted, verdict::failed,
                               verdict::crashed, verdict::timeout, verdict::findings};
  const auto rank = [&](verdict v) { return std::find(std::begin(order), std::end(order), v); };
  return rank(a) < rank(b) ? b : a;
}

}  // namespace snag::cli
