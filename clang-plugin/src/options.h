// SPDX-License-Identifier: Apache-2.0
#pragma once
// What -fplugin-arg-snag-… can say. Plain data, written once before any code is compiled.
#include <cstdint>
#include <string>
#include <string_view>

#include "detector/hooks.h"

namespace snag::plugin {

// Where the check that saves most calls of hooks stands: in the code itself, or in a function of the module.
enum class check_places : std::uint8_t {
  everywhere,  // in the code: most space
  in_loops,    // in the code of loops, else in a function
  in_stubs,    // in functions: least space
  nowhere,     // hooks are always called
};

struct options {
  bool enabled = true;   // off: the compiler behaves as without the plugin
  bool accesses = true;  // race: check memory accesses and atomics; frames-only: calls alone
  check_places checks = check_places::in_loops;  // inline=all, inline=loops, inline=none; no-inline
  bool eliminate = true;                         // no-opt: keep checks that are provably redundant
  bool statistics = false;                       // stats: print how many accesses have a name
  bool vet = true;                               // vet=off: no warnings about the source (clang-plugin/vet)
  bool vet_errors = false;                       // vet=error: they are errors (-Werror did not ask for that)
  bool only_vets = false;                        // vet-only: warnings about the source, and nothing else
  std::uint32_t abi_version = hooks::abi_version;  // abi=N: pretend to be another version (for tests)
};

// Empty on success, else what is wrong with the argument, in one line.
std::string parse_argument(std::string_view argument, options&);

}  // namespace snag::plugin
