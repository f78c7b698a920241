// SPDX-License-Identifier: Apache-2.0
#pragma once
// Whether a function that leaves a mutex locked may be meant to: some other function would have to unlock it.
#include "clang-plugin/vet/function_view.h"

namespace snag::vet {

// All code that can reach the mutex is in sight (a private member of a class whose methods are all defined, a
// variable of this file), and whoever unlocks it has locked it in the same function.
bool is_unlocked_only_where_locked(const function_view&, const object_path&);

}  // namespace snag::vet
