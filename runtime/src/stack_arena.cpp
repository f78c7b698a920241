// SPDX-License-Identifier: Apache-2.0
#include "runtime/src/stack_arena.h"
#include "runtime/src/leaked.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/uio.h>

#include <unistd.h>
#include <algorithm>
#include <bit>
#include <cerrno>
#include <cstdio>
#include <cstring>

#include "runtime/src/fatal.h"

namespace snag::detail {
namespace {

#ifndef MADV_GUARD_INSTALL
#define MADV_GUARD_INSTALL 102
#endif

constexpr std::size_t fresh_batch = 64;  // stacks
constexpr std::size_t chunk_bytes = std::size_t{1} << 26;
// One region reserves 512 GiB where that much address space is allowed, else what is. (Sanitizers keep
// records of mappings in proportion.)
constexpr std::size_t region_chunks = std::size_t{1} << (sanitized ? 8 : 13);

std::size_t block_bytes(unsigned index) noexcept {
  return index == 0 ? stack_arena::smallest_size : std::size_t{64 << 10} << index;
}

std::byte* map(std::size_t bytes, int protection) noexcept {
  void* p = mmap(nullptr, bytes, protection, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  return p == MAP_FAILED ? nullptr : static_cast<std::byte*>(p);
}

}  // namespace

stack_arena& stack_arena::instance() noexcept {
  static constinit leaked<stack_arena> arena;
  return arena.get();
}

stack_arena::~stack_arena() {
  for (std::size_t i = 0; i < region_count_.load(); ++i) {
    munmap(regions_[i].base, regions_[i].size * chunk_bytes);
    munmap(regions_[i].chunks, regions_[i].size * sizeof(chunk));
  }
}

unsigned stack_arena::class_of(std::size_t usable) noexcept {
  const std::size_t whole = usable + guard_size;
  return whole <= smallest_size ? 0 : std::max(1u, static_cast<unsigned>(std::bit_width(whole - 1)) - 16);
}

unsigned stack_arena::class_of(const stack_block& s) noexcept {
  return class_of(static_cast<std::size_t>(s.high - s.low));
}

bool stack_arena::is_default(const stack_block& s) noexcept {
  return std::ranges::find(default_classes, class_of(s)) != std::end(default_classes);
}

bool stack_arena::reserve(std::size_t at_least_chunks) noexcept {
  const std::size_t count = region_count_.load(std::memory_order_relaxed);
  if (count == maximum_regions) return false;
  for (std::size_t chunks = std::max(region_chunks, at_least_chunks); chunks >= at_least_chunks;
       chunks /= 2) {
    std::byte* base = map((chunks + 1) * chunk_bytes, PROT_NONE);
    if (base == nullptr) continue;
    // Aligned to a chunk, so that a block never straddles more chunks than it must.
    std::byte* aligned = reinterpret_cast<std::byte*>(
        (reinterpret_cast<std::uintptr_t>(base) + chunk_bytes - 1) & ~(chunk_bytes - 1));
    if (aligned != base) munmap(base, static_cast<std::size_t>(aligned - base));
    munmap(aligned + chunks * chunk_bytes, chunk_bytes - static_cast<std::size_t>(aligned - base));
    void* table = map(chunks * sizeof(chunk), PROT_READ | PROT_WRITE);
    if (table == nullptr) {
      munmap(aligned, chunks * chunk_bytes);
      return false;
    }
    // Where address space is limited, most of it is for many stacks, not for large ones.
    if (chunks < region_chunks) tiers_[0].most = std::min(tiers_[0].most, tiers_[0].made + chunks / 8);
    madvise(aligned, chunks * chunk_bytes, MADV_DONTDUMP);  // gcore would write the whole reserve
    regions_[count] = {aligned, chunks, 0, static_cast<chunk*>(table)};
    region_count_.store(count + 1, std::memory_order_release);
    return true;
  }
  return false;
}

std::byte* stack_arena::take_chunks(std::size_t count, unsigned index) noexcept {
  for (;;) {
    const std::size_t regions = region_count_.load(std::memory_order_relaxed);
    if (regions > 0) {
      region& r = regions_[regions - 1];
      if (r.size - r.used >= count) {
        std::byte* base = r.base + r.used * chunk_bytes;
        if (mprotect(base, count * chunk_bytes, PROT_READ | PROT_WRITE) != 0) return nullptr;
        madvise(base, count * chunk_bytes, MADV_NOHUGEPAGE);
        madvise(base, count * chunk_bytes, MADV_DODUMP);
        for (std::size_t i = 0; i < count; ++i)
          r.chunks[r.used + i] = {static_cast<std::uint32_t>(r.used), static_cast<std::uint8_t>(index + 1),
                                  guards_ == guard_kind::canary};
        r.used += count;
        if (events::observer* o = events::listening()) o->on_stacks_mapped(base, base + count * chunk_bytes);
        return base;
      }
    }
    if (!reserve(count)) return nullptr;
  }
}

stack_block stack_arena::carve(unsigned index) noexcept {
  stack_block s = carve_bare(index);
  if (!s || guards_ == guard_kind::canary) return s;
  protect(s.low - guard_size);
  if (guards_ != guard_kind::canary) return s;
  // From here on without: in chunks of their own, so that it is known of every stack.
  for (size_class& pool : pools_) pool.fresh = pool.fresh_end = nullptr;
  return carve_bare(index);
}

stack_block stack_arena::carve_bare(unsigned index) noexcept {
  size_class& pool = pools_[index];
  const std::size_t bytes = block_bytes(index);
  if (static_cast<std::size_t>(pool.fresh_end - pool.fresh) < bytes) {
    const std::size_t span = std::max(bytes, chunk_bytes);
    pool.fresh = take_chunks(span / chunk_bytes, index);
    if (pool.fresh == nullptr) {
      pool.fresh_end = nullptr;  // both null: the next one tries again
      return {};
    }
    pool.fresh_end = pool.fresh + span;
  }
  std::byte* block = pool.fresh;
  pool.fresh += bytes;
  note_pointers_in(block + guard_size, bytes - guard_size);
  return {block + guard_size, block + bytes};
}

// Guards and first pages of many fresh stacks by a few system calls: 2.4 us each, where memory is slow,
// instead of 2.8 with a fault for each page. Zeros that are read into a page commit it, a tenth cheaper than
// MADV_POPULATE_WRITE does. False: this kernel cannot, nothing is guarded.
bool stack_arena::prepare(const stack_block* stacks, std::size_t count) const noexcept {
  iovec guards[fresh_batch], tops[fresh_batch];
  for (std::size_t i = 0; i < count; ++i) {
    guards[i] = {stacks[i].low - guard_size, guard_size};
    tops[i] = {stacks[i].high - 1, 1};
  }
  const int saved = errno;
  const auto self = static_cast<int>(syscall(SYS_pidfd_open, getpid(), 0));
  if (self < 0) return false;
  const auto done = syscall(SYS_process_madvise, self, guards, count, MADV_GUARD_INSTALL, 0);
  syscall(SYS_close, self);
  const bool guarded = done == static_cast<long>(count * guard_size);
  // A descriptor that stayed open might be closed by the program, and become another's.
  const long zeros = guarded ? syscall(SYS_openat, AT_FDCWD, "/dev/zero", O_RDONLY | O_CLOEXEC) : -1;
  if (zeros >= 0) {
    syscall(SYS_readv, zeros, tops, count);  // what it does not reach faults
    syscall(SYS_close, zeros);
  }
  errno = saved;
  return guarded;
}

void stack_arena::protect(std::byte* block) noexcept {
  if (guards_ == guard_kind::madvise) {
    if (madvise(block, guard_size, MADV_GUARD_INSTALL) == 0) return;
    degrade(guard_kind::mprotect, errno);
  }
  if (guards_ == guard_kind::mprotect) {
    if (mprotect_left_ > 0 && mprotect(block, guard_size, PROT_NONE) == 0) {
      --mprotect_left_;
      return;
    }
    degrade(guard_kind::canary, mprotect_left_ > 0 ? errno : 0);
  }
  // The canary is the zeros that fresh memory holds: nothing to write, so nothing is committed.
}

void stack_arena::degrade(guard_kind to, int error) noexcept {
  guards_ = to;
  if (quiet_) return;
  char line[256];
  const int length =
      to == guard_kind::mprotect
          ? std::snprintf(
                line, sizeof line,
                "snag: guard pages by madvise are not available (%s); the first %zu goroutine stacks get "
                "mprotect guards\n",
                std::strerror(error), mprotect_left_)
          : std::snprintf(
                line, sizeof line,
                "snag: no more guard pages (%s): an overflow of further goroutine stacks is noticed when the "
                "goroutine ends, if at all\n",
                error != 0 ? std::strerror(error) : "limit of mappings");
  [[maybe_unused]] const auto written = write(STDERR_FILENO, line, static_cast<std::size_t>(length));
}

stack_block stack_arena::reuse(unsigned index) noexcept {
  size_class& pool = pools_[index];
  for (auto* list : {&pool.dirty, &pool.clean}) {
    if (list->empty()) continue;
    const stack_block s = list->back();
    list->pop_back();
    pool.low_water = std::min(pool.low_water, pool.dirty.size());
    return s;
  }
  return {};
}

stack_block stack_arena::take_default() noexcept {
  for (tier& t : tiers_) {
    if (const stack_block s = reuse(t.index)) return s;
    if (t.made >= t.most) continue;
    if (const stack_block s = carve(t.index)) {
      ++t.made;
      return s;
    }
    t.most = t.made;  // no room for more of that size
  }
  return {};
}

stack_block stack_arena::allocate(std::size_t bytes) noexcept {
  if (bytes > maximum_size) out_of_memory("stack_size is larger than the largest possible stack");
  stack_block s;
  {
    spin_lock lock(mutex_);
    if (bytes == 0) {
      s = take_default();
    } else {
      s = reuse(class_of(bytes));
      if (!s) s = carve(class_of(bytes));
    }
  }
  if (!s) out_of_memory("goroutine stacks");
  return s;
}

std::size_t stack_arena::allocate_batch(stack_block* out, std::size_t count) noexcept {
  std::size_t taken = 0, bare = 0;
  {
    spin_lock lock(mutex_);
    // Fresh stacks cost a guard each, so they come one by one, until there are so many that more will follow.
    for (const tier& t : tiers_) {
      while (taken < count) {
        out[taken] = reuse(t.index);
        if (!out[taken]) break;
        ++taken;
      }
    }
    const bool many = tiers_[0].made >= tiers_[0].most && tiers_[1].made >= tiers_[1].most;
    if (taken == 0 && many && guards_ == guard_kind::madvise) {
      for (; taken < std::min(count, fresh_batch) && (out[taken] = carve_bare(0)); ++taken) ++tiers_[2].made;
      bare = taken;
    }
    if (taken == 0 && (out[0] = take_default())) taken = 1;
  }
  if (bare > 0 && !prepare(out, bare)) {
    spin_lock lock(mutex_);
    for (std::size_t i = 0; i < bare; ++i) protect(out[i].low - guard_size);
  }
  if (taken == 0) out_of_memory("goroutine stacks");
  return taken;
}

void stack_arena::release(stack_block s) noexcept {
  spin_lock lock(mutex_);
  pools_[class_of(s)].dirty.push_back(s);
}

void stack_arena::release_batch(const stack_block* stacks, std::size_t count) noexcept {
  spin_lock lock(mutex_);
  for (std::size_t i = 0; i < count; ++i) pools_[class_of(stacks[i])].dirty.push_back(stacks[i]);
}

void stack_arena::trim() noexcept {
  for (unsigned index = 0; index < classes; ++index) {
    std::vector<stack_block> cold;
    {
      spin_lock lock(mutex_);
      size_class& pool = pools_[index];
      const auto count = static_cast<std::ptrdiff_t>(std::min(pool.low_water, pool.dirty.size()));
      cold.assign(pool.dirty.begin(), pool.dirty.begin() + count);
      pool.dirty.erase(pool.dirty.begin(), pool.dirty.begin() + count);
      pool.low_water = pool.dirty.size();
    }
    if (cold.empty()) continue;
    // Neighbours go in one call: 0.1 to 0.25 us a stack in bulk, ten times that one by one. Guards survive
    // it.
    std::sort(cold.begin(), cold.end(), [](const auto& a, const auto& b) { return a.low < b.low; });
    for (auto first = cold.begin(); first != cold.end();) {
      auto last = first + 1;
      while (last != cold.end() && last->low - guard_size == (last - 1)->high) ++last;
      madvise(first->low, static_cast<std::size_t>((last - 1)->high - first->low), MADV_DONTNEED);
      first = last;
    }
    spin_lock lock(mutex_);
    pools_[index].clean.insert(pools_[index].clean.end(), cold.rbegin(), cold.rend());
  }
}

// The chunk that holds an address, and where its block begins; null: no block does.
const stack_arena::chunk* stack_arena::chunk_of(const std::byte* p, std::byte*& block) const noexcept {
  for (std::size_t i = 0; i < region_count_.load(std::memory_order_acquire); ++i) {
    const region& r = regions_[i];
    if (p < r.base || p >= r.base + r.size * chunk_bytes) continue;
    const auto which = static_cast<std::size_t>(p - r.base) / chunk_bytes;
    const chunk& c = r.chunks[which];
    if (c.class_mark == 0) return nullptr;
    const std::size_t bytes = block_bytes(c.class_mark - 1u);
    std::byte* first = r.base + (bytes > chunk_bytes ? c.first : which) * chunk_bytes;
    block = first + static_cast<std::size_t>(p - first) / bytes * bytes;
    if (bytes < chunk_bytes && block + bytes > first + chunk_bytes)
      return nullptr;  // a rest too short for a stack
    return &c;
  }
  return nullptr;
}

stack_block stack_arena::find(const void* address) const noexcept {
  std::byte* block;
  const chunk* const c = chunk_of(static_cast<const std::byte*>(address), block);
  if (c == nullptr) return {};
  return {block + guard_size, block + block_bytes(c->class_mark - 1u)};
}

bool stack_arena::intact(const stack_block& s) const noexcept {
  if (guards_ != guard_kind::canary) return true;
  std::byte* block;
  if (const chunk* const c = chunk_of(s.low, block); c == nullptr || !c->bare) return true;
  constexpr std::size_t looked_at = 4096;
  const auto* words = reinterpret_cast<const std::uint64_t*>(s.low - looked_at);
  return std::all_of(words, words + looked_at / sizeof *words, [](std::uint64_t w) { return w == 0; });
}

std::size_t stack_arena::pooled() const noexcept {
  spin_lock lock(mutex_);
  std::size_t sum = 0;
  for (const size_class& pool : pools_) sum += pool.dirty.size() + pool.clean.size();
  return sum;
}

}  // namespace snag::detail
