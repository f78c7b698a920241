// SPDX-License-Identifier: Apache-2.0
#pragma once
// Which files are the runtime's public headers, wherever they are installed.
#include "llvm/ADT/StringRef.h"

namespace snag::plugin {

inline bool is_runtime_header(llvm::StringRef path) {
  return path.ends_with(".h") && (path.contains("/include/snag/") || path.starts_with("include/snag/"));
}

}  // namespace snag::plugin
