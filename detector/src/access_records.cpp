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

access_record record_of(const access& a) noexcept {
  access_record r;
  r.when = a.self.now();
  r.site = a.where.site;
  r.context = a.where.context;
  r.locks = a.self.locks;
  r.last_release = a.self.last_release.site;
  r.last_release_context = a.self.last_release.context;
  r.size = a.size < access_record::max_size ? a.size : access_record::max_size;
  r.exclusive = a.exclusive;
  r.kind_bits = static_cast<std::uint32_t>(a.kind);
  return r;
}

record_id take_record(record_run& run, const access_record& r) noexcept {
  if (run.empty()) run = records.take_run();
  if (run.empty()) {
    if (unrecorded.fetch_add(1, std::memory_order_relaxed) == 0) say_records_exhausted();
    return record_id::none;
  }
  const record_id id{run.next++};
  records.slot_for(id) = r;
  return id;
}

record_id new_record(thread_state& t, const access& a) noexcept {
  const access_record r = record_of(a);
  const bool windowed = !is_atomic(a.kind);
  const record_cache::key k = key_of(a);
  record_cache::line& line = t.recent.line_for(k);
  const record_id taken = take_record(windowed ? t.plain_run : t.atomic_run, r);
  if (taken == record_id::none) return taken;
  a.self.note_record();
  if (windowed) {
    const auto id = static_cast<std::uint32_t>(taken);
    if (t.hot.window_span == 0 || t.hot.window_base + t.hot.window_span != id) {
      close_window(t);  // never a window over somebody else's records, not even for a signal handler
      std::atomic_signal_fence(std::memory_order_seq_cst);
      t.hot.window_base = id;
    }
    std::atomic_signal_fence(std::memory_order_seq_cst);
    ++t.hot.window_span;
  }
  record_cache::insert(line, k, taken);
  return taken;
}

}  // namespace snag::detector
