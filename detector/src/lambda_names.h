// SPDX-License-Identifier: Apache-2.0
#pragma once
// Compilers number lambdas and unnamed types: "main::$_3", "f()::'lambda2'()", "f()::{lambda()#2}". The
// number changes when an unrelated lambda is added before, so fingerprints leave it out.
#include <string_view>

#include "detector/src/internal_memory.h"

namespace snag::detector {

string without_lambda_numbers(std::string_view function);

}  // namespace snag::detector
