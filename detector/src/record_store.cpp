// SPDX-License-Identifier: Apache-2.0
#include "detector/src/record_store.h"

#include <algorithm>
#include <bit>
#include <cstring>

namespace snag::detector {

// (Other threads run on while static destructors do.)
[[clang::no_destroy]] constinit record_store records;

void record_store::ensure_table() noexcept {
  if (records_) return;
  records_ =
      static_cast<access_record*>(internal_reserve((std::size_t{max_records} + 1) * sizeof(access_record)));
  marks_ = static_cast<std::uint64_t*>(internal_reserve(max_records / 8 + 16));
}

record_run record_store::take_run() noexcept {
  spin_guard guard(lock_);
  record_run run;
  if (!free_.empty()) {
    run = free_.back();
    free_.pop_back();
  } else if (next_ <= max_records) {
    run = {next_, std::min(next_ + fresh_run, max_records + 1)};
    next_ = run.end;
  }
  taken_.fetch_add(run.end - run.next, std::memory_order_relaxed);
  return run;
}

void record_store::begin_marking() noexcept {
  spin_guard guard(lock_);
  std::memset(marks_, 0, next_ / 8 + 8);
  marked_ = 0;
}

bool record_store::mark(record_id record) noexcept {
  const auto id = static_cast<std::uint32_t>(record);
  const std::uint64_t bit = std::uint64_t{1} << (id % 64);
  if (marks_[id / 64] & bit) return false;
  marks_[id / 64] |= bit;
  ++marked_;
  return true;
}

void record_store::reclaim_unmarked() noexcept {
  spin_guard guard(lock_);
  free_.clear();
  std::uint32_t begin = 1;
  auto close_gap = [&](std::uint32_t end) SNAG_DETECTOR_REQUIRES(lock_) {
    // A run no longer than a fresh one, so that one thread does not take everything.
    for (; end - begin >= shortest_run; begin = std::min(begin + fresh_run, end))
      free_.push_back({begin, std::min(begin + fresh_run, end)});
  };
  for (std::uint32_t id = 1; id < next_;) {
    if (id % 64 == 0 && marks_[id / 64] == 0) {
      id += 64;
      continue;
    }
    if (marks_[id / 64] >> (id % 64) & 1) {
      close_gap(id);
      begin = id + 1;
    }
    ++id;
  }
  close_gap(next_);
  std::reverse(free_.begin(), free_.end());  // low ids first: they are in memory already
  survivors_.store(marked_, std::memory_order_relaxed);
  taken_.store(0, std::memory_order_relaxed);
}

}  // namespace snag::detector
