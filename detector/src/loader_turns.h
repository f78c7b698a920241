// SPDX-License-Identifier: Apache-2.0
#pragma once
// What dlopen and dlclose order. The constructors of a library run before any dlopen returns that needs it,
// and all that was done before its dlcloses happens before its destructors. libc does that under a lock of
// its own, of which nobody tells us: so who opens or closes has a lock of ours as well, and what he has to
// say is said under it. (Of each library by itself: two that have nothing to do with each other order
// nothing.)
#include <cstdint>
#include <string_view>

#include "detector/src/internal_memory.h"

namespace snag::detector {

// A library's turn for the calling thread; nests, since constructors open libraries, too.
class loader_turn {
 public:
  loader_turn() noexcept;
  ~loader_turn();
  loader_turn(const loader_turn&) = delete;
  static void forget_after_fork() noexcept;

 private:
  bool outermost_;
};

struct loaded_module {
  std::uintptr_t base;
  std::string_view path, own_name;  // own_name: DT_SONAME
  vector<std::string_view> needed;
};
vector<loaded_module> loaded_modules() noexcept;
// A library and what it needs, directly or not.
vector<std::uintptr_t> with_its_needs(const vector<loaded_module>&, void* handle) noexcept;

// Pre: in a turn.
void tell_constructed(const vector<loaded_module>& before, const vector<loaded_module>& after) noexcept;
void tell_opened(const vector<std::uintptr_t>& bases) noexcept;
void tell_closing(const vector<std::uintptr_t>& bases) noexcept;

}  // namespace snag::detector
