// SPDX-License-Identifier: Apache-2.0
#pragma once
// One finding on the HTML page: both stacks with the lines of source, pictures, words. Pure.
#include <string>

#include "cli/report_view.h"

namespace snag::cli {

std::string html_finding(const report_view&, const shown_finding&);
// Names in it that somebody may look for.
std::string searchable(const kept_finding&);

}  // namespace snag::cli
