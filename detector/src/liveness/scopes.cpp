// SPDX-License-Identifier: Apache-2.0
#include "detector/src/liveness/scopes.h"

#include <utility>

#include "detector/src/liveness/blocked.h"
#include "detector/src/site_registry.h"

namespace snag::detector {
namespace {

scope_record* innermost_open(scope_record* s) noexcept {
  while (s != nullptr && !s->open.load(std::memory_order_relaxed)) s = s->outer;
  return s;
}

}  // namespace

bool scope_record::holds(const party& a) const noexcept {
  for (const scope_record* s = a.scope; s != nullptr; s = s->outer)
    if (s == this) return true;
  return false;
}

bool scope_record::counts(const party& a) const noexcept {
  return a.id != events::goroutine_id::none && a.of != nullptr && !a.left_over &&
         !(a.waits != nullptr && a.waits->reported) && holds(a) &&
         passed_over.find(static_cast<std::uint64_t>(a.id)) == passed_over.end();
}

raw_scope scope_record::raw() const noexcept {
  const auto text_or_null = [](const string& s) { return s.empty() ? nullptr : s.c_str(); };
  return {text_or_null(name), text_or_null(file), line, sites[opened_at.site], opened_at.context, ignored};
}

void scope_record::note(const told_finding& f) noexcept {
  spin_guard guard(lock);
  told.push_back(f);
}

scope_record* keep(scope_record* s) noexcept {
  if (s != nullptr) s->users.fetch_add(1, std::memory_order_relaxed);
  return s;
}

void let_go(scope_record* s) noexcept {
  while (s != nullptr && s->users.fetch_sub(1, std::memory_order_acq_rel) == 1) {
    scope_record* const outer = s->outer;
    internal_delete(s);
    s = outer;
  }
}

scope_record* open_scope_of(const party& a) noexcept { return innermost_open(a.scope); }

void join_scope(party& child, const party& parent) noexcept {
  scope_record* const s = innermost_open(parent.childrens_scope);
  if (s == nullptr) return;
  child.scope = keep(s);
  child.childrens_scope = keep(s);
}

void start_others_in_scope_of(const party& armer, party& timer) noexcept {
  scope_record* const s = keep(innermost_open(armer.childrens_scope));
  let_go(std::exchange(timer.childrens_scope, s));
}

void leave_scopes(party& a) noexcept {
  let_go(std::exchange(a.scope, nullptr));
  let_go(std::exchange(a.childrens_scope, nullptr));
}

}  // namespace snag::detector
