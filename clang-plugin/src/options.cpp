// SPDX-License-Identifier: Apache-2.0
#include "clang-plugin/src/options.h"

#include <charconv>

namespace snag::plugin {

std::string parse_argument(std::string_view argument, options& o) {
  constexpr std::string_view abi = "abi=";
  if (argument == "off")
    o.enabled = false;
  else if (argument == "race")
    o.accesses = true;
  else if (argument == "frames-only")
    o.accesses = false;
  else if (argument == "no-inline")
    o.checks = check_places::nowhere;
  else if (argument == "inline=all")
    o.checks = check_places::everywhere;
  else if (argument == "inline=loops")
    o.checks = check_places::in_loops;
  else if (argument == "inline=none")
    o.checks = check_places::in_stubs;
  else if (argument == "no-opt")
    o.eliminate = false;
  else if (argument == "vet=on")
    o.vet = true;
  else if (argument == "vet=off")
    o.vet = false;
  else if (argument == "vet=error")
    o.vet = o.vet_errors = true;
  else if (argument == "vet-only")
    o.only_vets = true;
  else if (argument == "stats")
    o.statistics = true;
  else if (argument.starts_with(abi)) {
    const std::string_view number = argument.substr(abi.size());
    const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), o.abi_version);
    if (error != std::errc() || end != number.data() + number.size() || number.empty())
      return "snag plugin: 'abi=' needs a number";
  } else {
    return "snag plugin: unknown argument '" + std::string(argument) +
           "' (known: off, race, frames-only, inline=all, inline=loops, inline=none, no-inline, no-opt, "
           "stats, vet=on, vet=off, vet=error, vet-only, abi=N)";
  }
  return {};
}

}  // namespace snag::plugin
