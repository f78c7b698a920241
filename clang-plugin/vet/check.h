// SPDX-License-Identifier: Apache-2.0
#pragma once
// The checks: one file each, one line each in the table.
#include <span>

#include "clang-plugin/vet/finding.h"

namespace snag::vet {

class function_view;

struct check {
  const char* rules;  // what it may report, separated by spaces
  void (*run)(function_view&, findings&);
};

void check_outlived_references(function_view&, findings&);
void check_races_with_goroutines(function_view&, findings&);
void check_adds_in_goroutines(function_view&, findings&);
void check_unreleased_locks(function_view&, findings&);
void check_locks_across_waits(function_view&, findings&);
void check_closed_channels(function_view&, findings&);
void check_closing_receivers(function_view&, findings&);
void check_dropped_cancels(function_view&, findings&);
void check_copied_primitives(function_view&, findings&);
void check_unshared_mutexes(function_view&, findings&);
void check_thread_unsafe_calls(function_view&, findings&);

std::span<const check> checks();

}  // namespace snag::vet
