// SPDX-License-Identifier: Apache-2.0
// race.h, the core's side for the reporter, as far as it is the same whether accesses are checked or not.
#include "detector/src/context_tree.h"
#include "detector/src/site_registry.h"
#include "detector/src/thread_state.h"
#include "detector/src/world.h"

namespace snag::detector {

bool visit_context(context_id context, void (*visit)(void*, const hooks::site&), void* argument) noexcept {
  bool folded = false;
  for (context_id c = context; c != context_id::root; c = contexts.parent(c)) {
    folded = folded || contexts.folded(c);
    if (const hooks::site* call = sites[contexts.call(c)]) visit(argument, *call);
  }
  return folded;
}

std::span<const hooks::site> sites_around(const hooks::site& s) noexcept { return sites.module_of(&s); }

bool module_has_sites(std::uintptr_t low, std::uintptr_t high) noexcept {
  for (std::size_t i = 0; i < sites.modules(); ++i) {
    const auto at = reinterpret_cast<std::uintptr_t>(sites.module(i).data());
    if (at >= low && at < high) return true;
  }
  return false;
}

internal_scope::internal_scope() noexcept { ++this_thread().internal_scopes; }
internal_scope::~internal_scope() {
  thread_state& t = this_thread();
  const bool out = --t.internal_scopes == 0 && t.inside.load(std::memory_order_relaxed) == 0;
  std::atomic_signal_fence(std::memory_order_seq_cst);
  if (out && t.deferred.any()) [[unlikely]]
    t.deferred.run(false);
}

void thread_ends_process() noexcept {
  if (this_thread().inside.load(std::memory_order_relaxed) != 0) world.never_stop_again();
}

bool inside_detector() noexcept {
  const thread_state& t = this_thread();
  return (t.inside.load(std::memory_order_relaxed) | t.internal_scopes) != 0;
}

}  // namespace snag::detector
