// SPDX-License-Identifier: Apache-2.0
#pragma once
// The documents that a command line names: files, folders of them, standard input.
#include <string>
#include <vector>

#include "cli/finding_model.h"

namespace snag::cli {

// Reads and merges all. A file that is named twice counts once. Appends to `notes` what a reader should know.
// Throws failure, one line.
report read_inputs(const std::vector<std::string>& paths, std::vector<std::string>& notes);

// The document at `path` and those of other processes that were written beside it (FILE.PID), sorted.
std::vector<std::string> documents_of(const std::string& path);

}  // namespace snag::cli
