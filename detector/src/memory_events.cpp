// SPDX-License-Identifier: Apache-2.0
#include "detector/src/memory_events.h"

#include <sys/mman.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "detector/src/access_set.h"
#include "detector/src/address_space.h"
#include "detector/src/entry.h"
#include "detector/src/line_lock.h"
#include "detector/src/program_locks.h"
#include "detector/src/sync_table.h"
#include "detector/src/touched_map.h"

namespace snag::detector {
namespace {

// Larger blocks are mapped and unmapped by the C library on its own, so what stands in their shadow after the
// free could meet another owner. (M_MMAP_THRESHOLD is 128 KiB at first and grows.)
constexpr std::size_t freed_stays = 64 * 1024;
// Fresh blocks are recorded up to here: beyond, the shadow of untouched memory would cost more than the
// memory.
constexpr std::size_t fresh_recorded = 1024 * 1024;
constexpr std::uint64_t worth_giving_back = 16 * touched_map::page_size;

// Of a granule that belongs to the dead memory in part only: the other bytes stay known.
void clear_bytes(std::uint64_t granule, byte_mask bytes) {
  const auto others = [&](record_id, byte_mask theirs) { return theirs & ~bytes; };
  line_lock lock(granule);
  lock.lock_as_writer();
  lock.set_write(granule, sets.filter(lock.write<cell>(granule), others));
  lock.set_read(granule, sets.filter(lock.read<cell>(granule), others));
  lock.unlock_as_writer();
}

// Of one line whose other cells are others'. Whether it had to be locked for that: else nothing was done.
bool clear_locked(std::uint64_t begin, std::uint64_t end) {
  if (begin >= end || !shares_lock(begin, end)) return false;
  const bool written = touched.touched(begin, plane::writes), read = touched.touched(begin, plane::reads);
  if (!written && !read) return true;
  line_lock lock(begin);
  written ? lock.lock_as_writer() : lock.lock_as_reader();
  for (std::uint64_t granule = begin; granule < end; granule += 4) {
    if (written) lock.set_write(granule, cell());
    if (read) lock.set_read(granule, cell());
  }
  written ? lock.unlock_as_writer() : lock.unlock_as_reader();
  return true;
}

// Calls visit(begin, end) for each stretch of pages of [begin, end) that plane `p` has touched, ends cut off;
// the cells of a stretch are contiguous.
template <class Visit>
void for_touched(std::uint64_t begin, std::uint64_t end, plane p, Visit&& visit) {
  std::uint64_t from = 0, to = 0;
  for (std::uint64_t page = begin & ~(touched_map::page_size - 1);
       (page = touched.skip_untouched(page, end)) < end; page += touched_map::page_size) {
    if (!touched.touched(page, p)) continue;
    if (to != page || page % hooks::plane_run == 0) {
      if (from != to) visit(std::max(from, begin), std::min(to, end));
      from = page;
    }
    to = page + touched_map::page_size;
  }
  if (from != to) visit(std::max(from, begin), std::min(to, end));
}

void forget_plane(std::uint64_t begin, std::uint64_t end, plane p) {
  const std::uint64_t flip = p == plane::writes ? hooks::write_plane : hooks::read_plane;
  for_touched(begin, end, p, [&](std::uint64_t from, std::uint64_t to) {
    const std::uint64_t first_page = (from + touched_map::page_size - 1) & ~(touched_map::page_size - 1);
    const std::uint64_t last_page = to & ~(touched_map::page_size - 1);
    if (last_page <= first_page || last_page - first_page < worth_giving_back) {
      fill_cells(from, to, flip, cell());
    } else {
      fill_cells(from, first_page, flip, cell());
      fill_cells(last_page, to, flip, cell());
      const int saved = errno;
      madvise(reinterpret_cast<void*>(first_page ^ flip), last_page - first_page, MADV_DONTNEED);
      errno = saved;
    }
    for (std::uint64_t page = first_page; page < last_page; page += touched_map::page_size)
      touched.clear(page, p);
  });
}

// Whole granules: what pads a block to its alignment is nobody else's.
std::uint64_t end_of_block(std::uint64_t begin, std::size_t bytes) {
  return (begin + bytes + 3) & ~std::uint64_t{3};
}

// The call in progress says whose doing it is: what the runtime, or code that was not instrumented, allocates
// and frees for itself is synchronised in ways that we are not told of.
std::uint8_t call_flags(hooks::frame* top) {
  return top && top->call ? top->call->flags : std::uint8_t{hooks::site_calls_runtime};
}

// Where nobody has accessed anything there is nothing to race with. A page that both planes have touched is
// met once.
void check_freed(thread_state& t, const access& a, std::uint64_t begin, std::uint64_t end) {
  auto meet = [&](std::uint64_t from, std::uint64_t to) {
    check_range<access_kind::deallocation>(t, a, from, to - from);
  };
  if (touched_map::same_page(begin, end)) {
    if (touched.touched(begin, plane::reads) || touched.touched(begin, plane::writes)) meet(begin, end);
    if (!t.hits.empty()) [[unlikely]]
      tell_races(t, a);
    return;
  }
  for_touched(begin, end, plane::reads, meet);
  for_touched(begin, end, plane::writes, [&](std::uint64_t from, std::uint64_t to) {
    for (std::uint64_t at = from; at < to;) {
      const std::uint64_t next = std::min((at | (touched_map::page_size - 1)) + 1, to);
      if (!touched.touched(at, plane::reads)) meet(at, next);
      at = next;
    }
  });
  if (!t.hits.empty()) [[unlikely]]
    tell_races(t, a);
}

}  // namespace

void forget_memory(std::uint64_t begin, std::uint64_t end) noexcept {
  std::size_t length = begin < end ? end - begin : 0;
  if (!clip_to_program(begin, length)) return;
  end = begin + length;
  forget_atomics(begin, end);
  if (begin % 4 != 0) {
    const std::uint64_t granule = begin & ~std::uint64_t{3};
    byte_mask bytes = all_bytes << (begin - granule) & all_bytes;
    if (end < granule + 4) bytes &= all_bytes >> (granule + 4 - end);
    clear_bytes(granule, bytes);
    begin = granule + 4;
  }
  if (end % 4 != 0 && begin < end) {
    clear_bytes(end & ~std::uint64_t{3}, all_bytes >> (4 - end % 4));
    end &= ~std::uint64_t{3};
  }
  if (begin >= end) return;
  if (const std::uint64_t next = std::min(line_of(begin) + line_size, end); clear_locked(begin, next))
    begin = next;
  if (const std::uint64_t last = std::max(line_of(end - 1), begin); clear_locked(last, end)) end = last;
  forget_plane(begin, end, plane::writes);
  forget_plane(begin, end, plane::reads);
}

// --- race.h, the interposers' side
// ---------------------------------------------------------------------------

block_maker on_allocated(const void* block, std::size_t bytes) noexcept {
  thread_state& t = this_thread();
  const core_scope scope(t);
  const auto begin = reinterpret_cast<std::uint64_t>(block);
  block_maker maker{current_actor(), 0};
  if (!scope) return maker;
  if (!t.actor) {
    forget_memory(begin, end_of_block(begin, bytes));
    return maker;
  }
  const stack_window w = live_stack(*t.actor, __builtin_frame_address(0));
  hooks::frame* const top = top_frame(t, w);
  const place where = place_of(t.calls, nullptr, top, w);
  if (where.site != site_id::none)
    maker.where = static_cast<std::uint32_t>(t.calls.context_of(top->call, where.context));
  const bool is_written = (call_flags(top) & hooks::site_calls_runtime) == 0 &&
                          !t.actor->ignoring.covers(access_kind::allocation);
  if (is_written && bytes <= fresh_in_both_planes) {
    forget_atomics(begin, end_of_block(begin, bytes));  // all else is written over
  } else {
    forget_memory(begin, end_of_block(begin, bytes));
  }
  if (!is_written || bytes == 0) return maker;
  const access a{*t.actor, access_kind::allocation,
                 static_cast<std::uint32_t>(std::min<std::size_t>(bytes, access_record::max_size)), where};
  record_fresh(t, a, begin, std::min(bytes, fresh_recorded));
  return maker;
}

bool on_freed(const void* block, std::size_t bytes) noexcept {
  thread_state& t = this_thread();
  const core_scope scope(t);
  const auto begin = reinterpret_cast<std::uint64_t>(block);
  std::size_t whole = end_of_block(begin, bytes) - begin;
  if (!scope || bytes == 0 || !clip_to_program(begin, whole)) return false;
  const std::uint64_t end = begin + whole;
  bool checked = false;
  if (t.actor) {
    const stack_window w = live_stack(*t.actor, __builtin_frame_address(0));
    hooks::frame* const top = top_frame(t, w);
    checked = (call_flags(top) & hooks::site_frees) != 0 && t.actor->ignoring.frees == 0;
    if (checked) {
      const access a{*t.actor, access_kind::deallocation,
                     static_cast<std::uint32_t>(std::min<std::size_t>(bytes, access_record::max_size)),
                     place_of(t.calls, nullptr, top, w)};
      check_freed(t, a, begin, end);
    }
  }
  if (checked && bytes <= freed_stays) {
    forget_atomics(begin, end);
  } else {
    forget_memory(begin, end);
  }
  return checked;
}

void on_unmapped(const void* begin, std::size_t bytes) noexcept {
  thread_state& t = this_thread();
  const core_scope scope(t);
  if (scope)
    forget_memory(reinterpret_cast<std::uint64_t>(begin), reinterpret_cast<std::uint64_t>(begin) + bytes);
}

void on_lock_made(const void* lock) noexcept {
  thread_state& t = this_thread();
  const core_scope scope(t);
  if (!scope) return;
  const auto address = reinterpret_cast<std::uint64_t>(lock);
  forget_atomics(address, address + 1);
  note_made(address);
}

}  // namespace snag::detector
