// SPDX-License-Identifier: Apache-2.0
#pragma once
// Calls that a thread has lately found on its stacks, and the contexts that they led to: what is called over
// and over is asked for its context each time it is entered anew. Sites and contexts stay what they are, so
// what is kept here always holds. Private to a thread.
#include <cstdint>

#include "detector/hooks.h"
#include "detector/src/context_tree.h"
#include "detector/src/site_registry.h"

namespace snag::detector {

class known_calls {
 public:
  // Whether it is a call of a registered module: of an address that may be anything.
  bool know(const hooks::site* call) noexcept {
    const hooks::site*& kept = calls_[number(call) % calls];
    if (kept == call && call != nullptr) [[likely]]
      return true;
    if (!sites.knows(call)) return false;
    kept = call;
    return true;
  }
  // The context of what is called there in a function whose context is `parent`. Pre: known, or null.
  context_id context_of(const hooks::site* call, context_id parent) noexcept {
    entry& e = entries_[(number(call) + 0x9e3779b1u * static_cast<std::uint32_t>(parent)) % size];
    if (e.call != call || e.parent != parent || e.context == context_id::root) [[unlikely]]
      e = {call, parent, contexts.intern(parent, sites.id_of(call))};
    return e.context;
  }

 private:
  struct entry {
    const hooks::site* call = nullptr;
    context_id parent = context_id::root, context = context_id::root;
  };
  static constexpr std::uint32_t calls = 128, size = 256;
  static std::uint32_t number(const hooks::site* call) noexcept {
    return static_cast<std::uint32_t>(reinterpret_cast<std::uintptr_t>(call) / alignof(hooks::site));
  }
  const hooks::site* calls_[calls] = {};
  entry entries_[size];
};

}  // namespace snag::detector
