// SPDX-License-Identifier: Apache-2.0
#include "detector/src/site_registry.h"

namespace snag::detector {

constinit site_registry sites;

void site_registry::number_locked(hooks::site* s) noexcept {
  if (s->id != 0) return;
  if (!table_)
    table_ = static_cast<const hooks::site**>(internal_reserve(capacity * sizeof(const hooks::site*)));
  if (next_ == capacity) internal_fatal("more than 2^28 instrumented places in one process");
  table_[next_] = s;
  __atomic_store_n(&s->id, next_++, __ATOMIC_RELEASE);
}

site_id site_registry::number(hooks::site* s) noexcept {
  spin_guard guard(lock_);
  number_locked(s);
  return site_id{s->id};
}

void site_registry::add(hooks::site* begin, hooks::site* end) noexcept {
  spin_guard guard(lock_);
  const std::span<const hooks::site> module(begin, end);
  const std::span<const hooks::site> before = module_of(begin);  // the same module may be opened again
  const std::uint32_t n = module_count_.load(std::memory_order_relaxed);
  if ((before.data() != begin || before.size() != module.size()) && n < most_modules) {
    if (!modules_)
      modules_ =
          static_cast<std::span<const hooks::site>*>(internal_reserve(most_modules * sizeof *modules_));
    modules_[n] = module;
    if (module.size() > largest_.load(std::memory_order_relaxed)->size())
      largest_.store(&modules_[n], std::memory_order_release);
    module_count_.store(n + 1, std::memory_order_release);
  }
  for (hooks::site* s = begin; s != end; ++s) number_locked(s);
}

const char* physical_function(const hooks::site& s) noexcept {
  const hooks::site* at = &s;
  for (int depth = 0; at->inlined_at != 0 && depth < 1000; ++depth)
    at =
        reinterpret_cast<const hooks::site*>(reinterpret_cast<const char*>(&at->inlined_at) + at->inlined_at);
  return site_string(at->function);
}

}  // namespace snag::detector
