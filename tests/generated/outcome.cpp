// SPDX-License-Identifier: Apache-2.0
#include <sstream>

#include "tests/generated/program.h"

namespace snag::generated {

std::string to_string(std::uint64_t seed, const outcome& o) {
  std::ostringstream out;
  out << "program " << seed << ": sum " << o.sum << ", racy";
  int last = -2;
  for (const auto& [variable, byte] : o.racy) {
    if (variable != last) out << ' ' << (variable < 0 ? "unnamed" : "v" + std::to_string(variable)) << '.';
    if (variable == last) out << ',';
    out << byte;
    last = variable;
  }
  if (o.racy.empty()) out << " none";
  return out.str();
}

}  // namespace snag::generated
