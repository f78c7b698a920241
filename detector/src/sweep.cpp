// SPDX-License-Identifier: Apache-2.0
#include "detector/src/sweep.h"

#include <unistd.h>

#include <algorithm>
#include <cstring>

#include "detector/src/access_set.h"
#include "detector/src/line_lock.h"
#include "detector/src/lock_order/lock_order.h"
#include "detector/src/slot_table.h"
#include "detector/src/touched_map.h"
#include "detector/src/world.h"

namespace snag::detector {
namespace {

constexpr std::uint32_t least = 1u << 16;  // records between sweeps
constexpr std::uint32_t least_set_nodes = 1u << 16;
constexpr std::uint32_t closed_slots = 1u << 18;
constexpr std::uint32_t records_per_chunk = 256;  // a chunk of 64 KiB has at most 32,768 cells to scan
constinit std::atomic<std::uint32_t> set_nodes_after{0};

bool due() {
  const auto scan_worth = static_cast<std::uint32_t>(
      std::min<std::uint64_t>(touched.chunks() * records_per_chunk, max_records / 4));
  const std::uint32_t wait = std::max({least, records.survivors(), scan_worth});
  return records.taken_since_sweep() >= wait ||
         slots.closed_since_sweep() >= std::max(closed_slots, wait / 4) ||
         sets.about_live_nodes() >=
             std::max(2 * set_nodes_after.load(std::memory_order_relaxed), least_set_nodes + wait);
}

void forget_caches() {
  for_each_thread([](thread_state& t) {
    t.plain_run = t.atomic_run = {};
    close_window(t);  // a thread in the middle of an inline check either saw it, or takes the slow path
    t.recent.clear();
    t.outcomes.clear();
    t.covered.clear();
    t.own_records.clear();
  });
}

// A page whose cells are all empty is not worth visiting again.
bool mark_page(std::uint64_t page, plane p) {
  const std::uint64_t flip = p == plane::writes ? hooks::write_plane : hooks::read_plane;
  const auto* cells = reinterpret_cast<const std::uint64_t*>(page ^ flip);
  bool any = false;
  std::uint32_t last = 0;
  auto mark = [&](std::uint32_t bits) {
    if (bits == last || bits == 0) return;  // neighbours are mostly alike
    last = bits;
    sets.mark(cell(bits), [](record_id r) {
      if (records.mark(r)) slots.mark(records[r].when.slot);
    });
  };
  for (std::size_t i = 0; i < touched_map::page_size / sizeof(std::uint64_t); ++i) {
    const std::uint64_t two = cells[i];
    if (two == 0) continue;
    any = true;
    mark(static_cast<std::uint32_t>(two));
    mark(static_cast<std::uint32_t>(two >> 32));
  }
  return any;
}

void mark_and_reclaim() {
  forget_caches();
  records.begin_marking();
  sets.begin_marking();
  slots.begin_marking();
  touched.for_each([](std::uint64_t page, plane p) {
    if (p == plane::atomics) return;
    if (!mark_page(page, p)) touched.clear(page, p);
  });
  mark_lock_orders();
  records.reclaim_unmarked();
  sets.reclaim_unmarked();
  slots.reclaim_unmarked();
  set_nodes_after.store(sets.live_nodes(), std::memory_order_relaxed);
}

}  // namespace

void sweep_now(thread_state& t) noexcept {
  if (!world.stop(t)) return;
  mark_and_reclaim();
  world.count_sweep();
  world.resume();
}

void sweep_if_due(thread_state& t) noexcept {
  if (due()) [[unlikely]]
    sweep_now(t);
}

void say_records_exhausted() noexcept {
  static constexpr char line[] =
      "snag: warning: 134 million access records are in use at once; further accesses are checked but not "
      "remembered, so races with them can be missed\n";
  if (write(STDERR_FILENO, line, sizeof line - 1) < 0) {
  }
}

}  // namespace snag::detector
