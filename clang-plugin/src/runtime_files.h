// SPDX-License-Identifier: Apache-2.0
#pragma once
// Which files are the runtime's public headers, wherever they are installed.
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

namespace snag::plugin {

inline bool is_runtime_header(llvm::StringRef path) {
  if (!path.ends_with(".h")) return false;
  llvm::SmallString<256> whole(path);
  if (llvm::sys::fs::make_absolute(whole)) return false;
  llvm::sys::path::remove_dots(whole, true);
  return whole.str().contains("/include/snag/");
}

}  // namespace snag::plugin
