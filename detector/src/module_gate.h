// SPDX-License-Identifier: Apache-2.0
#pragma once
// Who looks at the list of modules (dl_iterate_phdr) goes through here, so that a fork can wait until nobody
// does. Not a lock: looks may overlap and nest, and whoever waits to close it lets others in meanwhile.
#include <atomic>

namespace snag::detector {

class module_gate {
 public:
  class visit {
   public:
    visit() noexcept;
    ~visit();
    visit(const visit&) = delete;
  };

  static bool try_close() noexcept;  // false: another thread is inside
  static void open() noexcept;
  static void open_in_child() noexcept;  // only the calling thread's own look goes on
};

}  // namespace snag::detector
