// SPDX-License-Identifier: Apache-2.0
#pragma once
// Function names as a person reads them: demangled names of the standard library run over lines. Only the
// text report shortens them; JSON has them whole.
#include <string_view>

#include "detector/src/internal_memory.h"

namespace snag::detector {

// A call operator of a lambda becomes {lambda}; long template argument and parameter lists become <...>,
// (...).
string displayed_function(std::string_view demangled);

}  // namespace snag::detector
