// SPDX-License-Identifier: Apache-2.0
#pragma once
// The runtime's scopes (events.h): who belongs to which. Scopes are a tree: an actor names the innermost one
// that it was started in, and belongs to all around that. Whoever names a scope keeps it.
//
// The tree's links are written by the actor that opens and closes, which events of one actor order; who reads
// those of others has stopped the world.
#include <atomic>
#include <cstdint>

#include "detector/src/frames.h"
#include "detector/src/internal_memory.h"
#include "detector/src/liveness/party.h"
#include "detector/src/race.h"
#include "detector/src/spin_lock.h"

namespace snag::detector {

struct scope_record {
  string name, file;  // empty: none
  std::uint32_t line = 0;
  place opened_at;
  vector<string> patterns;
  vector<const char*> ignored;  // the patterns, for raw_scope
  scope_record* outer = nullptr;
  std::atomic<bool> open{true};
  std::atomic<std::uint32_t> users{1};
  unordered_map<std::uint64_t, bool> passed_over;  // ids of its own that it ignores; the asker's

  spin_lock lock;
  vector<told_finding> told SNAG_DETECTOR_GUARDED_BY(lock);

  bool holds(const party&) const noexcept;
  // Is its own, and somebody to be told of.
  bool counts(const party&) const noexcept;
  raw_scope raw() const noexcept;
  void note(const told_finding&) noexcept;
};

scope_record* keep(scope_record*) noexcept;  // may be null
void let_go(scope_record*) noexcept;         // may be null
// The innermost scope of an actor that is still open; null: none.
scope_record* open_scope_of(const party&) noexcept;

void join_scope(party& child, const party& parent) noexcept;
void start_others_in_scope_of(const party& armer, party& timer) noexcept;
void leave_scopes(party&) noexcept;  // it has ended

}  // namespace snag::detector
