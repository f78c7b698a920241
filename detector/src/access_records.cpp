// SPDX-License-Identifier: Apache-2.0
#include "detector/src/access_records.h"

#include <atomic>

#include "detector/src/sweep.h"

namespace snag::detector {

namespace {
constinit std::atomic<std::uint64_t> unrecorded{0};
}

std::uint64_t unrecorded_accesses() noexcept { return unrecorded.load(std::memory_order_relaxed); }

void take_runs(thread_state& t) noexcept {
  sweep_if_due(t);
  for (record_run* run : {&t.plain_run, &t.atomic_run}) {
    if (run->empty()) *run = records.take_run();
    if (!run->empty()) continue;
    sweep_now(t);
    *run = records.take_run();
  }
}

bool refill(record_run& run) noexcept {
  run = records.take_run();
  if (run.empty() && unrecorded.fetch_add(1, std::memory_order_relaxed) == 0) say_records_exhausted();
  return !run.empty();
}

record_id new_record(thread_state& t, const access& a, const remembered_place& place) noexcept {
  const bool windowed = !is_atomic(a.kind);
  const record_id taken = take_record(windowed ? t.plain_run : t.atomic_run, record_of(a));
  if (taken == record_id::none) return taken;
  a.self.note_record();
  place.remember(taken);
  if (windowed) widen_window(t, taken);
  return taken;
}

}  // namespace snag::detector
