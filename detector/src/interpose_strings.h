// SPDX-License-Identifier: Apache-2.0
#pragma once
// libc's string functions, checked: what they read and write is an access at the call in the user's code.
// Called by name from instrumented code, by compilers in place of loops, and by libstdc++ for std::string.
//
// memcpy, memmove and memset are different: in instrumented code the plugin has checked them already, and our
// own code is full of them. They are checked only for callers inside libstdc++'s shared object, whose
// std::string members would hide the accesses.
namespace snag::detector {

void resolve_string_functions() noexcept;  // until then plain loops stand in

}  // namespace snag::detector
