// SPDX-License-Identifier: Apache-2.0
#include "cli/temporary_directory.h"

#include <fmt/format.h>
#include <stdlib.h>

#include <cerrno>
#include <cstring>

#include "cli/failure.h"

namespace snag::cli {

temporary_directory::temporary_directory() {
  const char* parent = std::getenv("TMPDIR");
  if (!parent || !*parent) parent = "/tmp";
  std::string pattern = fmt::format("{}/snag-XXXXXX", parent);
  if (!mkdtemp(pattern.data()))
    throw internal_error(
        fmt::format("cannot make a directory in {}: {} (set TMPDIR to a directory that can be written)",
                    parent, std::strerror(errno)));
  path_ = pattern;
}

temporary_directory::~temporary_directory() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

}  // namespace snag::cli
