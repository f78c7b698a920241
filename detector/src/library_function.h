// SPDX-License-Identifier: Apache-2.0
#pragma once
// libstdc++'s own version of a function that we define in its place, by its linkage name. Looked up on first
// use; every caller finds the same.
#include <dlfcn.h>

#include "detector/src/race.h"

namespace snag::detector {

template <class Function>
class library_function {
 public:
  explicit constexpr library_function(const char* name) : name_(name) {}
  template <class... Args>
  auto operator()(Args... args) {
    if (function_ == nullptr) {
      function_ = reinterpret_cast<Function*>(dlsym(RTLD_NEXT, name_));
      if (function_ == nullptr)
        internal_error("libstdc++'s functions need its shared object: link without -static-libstdc++");
    }
    return function_(args...);
  }

 private:
  const char* name_;
  Function* function_ = nullptr;
};

}  // namespace snag::detector
