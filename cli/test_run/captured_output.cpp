// SPDX-License-Identifier: Apache-2.0
#include "cli/test_run/captured_output.h"

#include <fmt/format.h>

#include <algorithm>

namespace snag::cli {

void captured_output::append(std::string_view bytes) {
  total_ += bytes.size();
  const std::size_t first = std::min(bytes.size(), kept_of_beginning - beginning_.size());
  beginning_.append(bytes.substr(0, first));
  bytes.remove_prefix(first);
  if (bytes.size() > kept_of_end) bytes.remove_prefix(bytes.size() - kept_of_end);
  end_.append(bytes);
  if (end_.size() > 2 * kept_of_end) end_.erase(0, end_.size() - kept_of_end);
}

void captured_output::clear() {
  beginning_.clear();
  end_.clear();
  end_.shrink_to_fit();
  total_ = 0;
}

std::string captured_output::text(std::size_t of_end) const {
  const std::size_t kept = std::min({end_.size(), kept_of_end, of_end});
  const std::string_view end = std::string_view(end_).substr(end_.size() - kept);
  const std::size_t missing = total_ - beginning_.size() - end.size();
  if (missing == 0) return fmt::format("{}{}", beginning_, end);
  return fmt::format("{}\n… {} bytes are not shown …\n{}", beginning_, missing, end);
}

bool captured_output::contains(std::string_view words) const {
  return beginning_.find(words) != std::string::npos || end_.find(words) != std::string::npos;
}

}  // namespace snag::cli
