// SPDX-License-Identifier: Apache-2.0
#include "runtime/src/goroutine_table.h"

#include <sys/mman.h>

#include <cstdlib>
#include <new>
#include <utility>

#include "runtime/src/fatal.h"
#include "runtime/src/sanitizer.h"

namespace snag::detail {
namespace {
constinit std::atomic<std::uint64_t> next_id{2};
}

constinit goroutine_table goroutine_table::the_table;

void goroutine_table::add_slab() noexcept {
  void* memory = mmap(nullptr, sizeof(slab), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) out_of_memory("goroutine control blocks");
  note_pointers_in(memory, sizeof(slab));
  if (events::observer* o = events::listening()) {
    auto* const low = static_cast<std::byte*>(memory);
    o->on_stacks_mapped(low, low + sizeof(slab));
  }
  slab* added = new (memory) slab;
  for (std::size_t i = slab::size; i-- > 0;) {
    goroutine* g = new (added->block(i)) goroutine;
    g->queue_next = free_;
    free_ = g;
  }
  added->next = slabs_.load(std::memory_order_relaxed);
  slabs_.store(added, std::memory_order_release);
}

goroutine* goroutine_table::allocate_batch(std::size_t count) noexcept {
  spin_lock lock(mutex_);
  if (free_ == nullptr) add_slab();
  goroutine* first = free_;
  goroutine* last = first;
  while (--count > 0 && last->queue_next != nullptr) last = last->queue_next;
  free_ = last->queue_next;
  last->queue_next = nullptr;
  return first;
}

goroutine* goroutine_table::revive(goroutine* block) noexcept {
  block->reset();
  return block;
}

goroutine* goroutine_table::allocate() noexcept { return revive(allocate_batch(1)); }

void goroutine_table::retire(goroutine& g) noexcept {
  g.alive.store(false, std::memory_order_release);
  if (g.name != nullptr) std::free(const_cast<char*>(std::exchange(g.name, nullptr)));
}

void goroutine_table::release(goroutine* g) noexcept { release_batch(g, g); }

void goroutine_table::release_batch(goroutine* first, goroutine* last) noexcept {
  spin_lock lock(mutex_);
  last->queue_next = free_;
  free_ = first;
}

std::uint64_t goroutine_table::take_ids(std::uint64_t count) noexcept {
  return next_id.fetch_add(count, std::memory_order_relaxed);
}

}  // namespace snag::detail
