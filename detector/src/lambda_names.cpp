// SPDX-License-Identifier: Apache-2.0
#include "detector/src/lambda_names.h"

namespace snag::detector {

string without_lambda_numbers(std::string_view function) {
  string out;
  const auto skip_digits = [&](std::size_t i) {
    while (i < function.size() && function[i] >= '0' && function[i] <= '9') ++i;
    return i;
  };
  for (std::size_t i = 0; i < function.size();) {
    const std::string_view rest = function.substr(i);
    std::size_t kept = 0;  // characters before the number
    for (std::string_view marker :
         {std::string_view("$_"), std::string_view("'lambda"), std::string_view("'unnamed"),
          std::string_view(")#"), std::string_view("type#")})
      if (rest.starts_with(marker)) kept = marker.size();
    if (kept == 0) {
      out.push_back(function[i++]);
      continue;
    }
    out.append(rest.data(), kept);
    i = skip_digits(i + kept);
  }
  return out;
}

}  // namespace snag::detector
