// SPDX-License-Identifier: Apache-2.0
#include "cli/temporary_directory.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <stdlib.h>
#include <unistd.h>

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

void temporary_directory::require_space() const {
  constexpr off_t enough = 1 << 20;
  const std::string name = path_ / "space";
  const int fd = open(name.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  const int error = fd < 0 ? errno : posix_fallocate(fd, 0, enough);
  if (fd >= 0) close(fd);
  unlink(name.c_str());
  if (error == ENOSPC || error == EDQUOT)
    throw internal_error(fmt::format("cannot write to {}: {} (set TMPDIR to a directory with more room)",
                                     path_.parent_path().string(), std::strerror(error)));
}

temporary_directory::~temporary_directory() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

}  // namespace snag::cli
