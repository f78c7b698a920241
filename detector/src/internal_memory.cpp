// SPDX-License-Identifier: Apache-2.0
#include "detector/src/internal_memory.h"

#include <sched.h>
#include <sys/mman.h>
#include <unistd.h>

#include <atomic>
#include <bit>
#include <cstring>
#include <utility>

namespace snag::detector {
namespace {

constexpr std::uintptr_t region_base = 0x6000'0000'0000;  // free of zones and planes: address_space.h
constexpr std::size_t region_sizes[] = {std::size_t{1} << 43, std::size_t{1} << 39, std::size_t{1} << 36,
                                        std::size_t{1} << 33};
constexpr std::size_t page = 4096;
constexpr std::size_t slab = 64 * 1024;     // what a class takes from the region at a time
constexpr std::size_t give_back = 1 << 18;  // larger blocks return their pages when released

// Classes: 16, 32, 48, 64, then four a doubling.
constexpr unsigned class_count = 4 * 40;
constexpr unsigned class_of(std::size_t bytes) {
  if (bytes <= 64) return bytes == 0 ? 0 : static_cast<unsigned>((bytes - 1) / 16);
  const unsigned log = static_cast<unsigned>(std::bit_width(bytes - 1)) - 1;  // 2^log < bytes <= 2^(log+1)
  return 4 * (log - 5) + static_cast<unsigned>((bytes - 1 - (std::size_t{1} << log)) >> (log - 2));
}
constexpr std::size_t class_size(unsigned c) {
  if (c < 4) return (c + 1) * 16;
  const unsigned log = c / 4 + 5;
  return (std::size_t{1} << log) + (static_cast<std::size_t>(c % 4) + 1) * (std::size_t{1} << (log - 2));
}
static_assert(class_of(1) == 0 && class_of(64) == 3 && class_of(65) == 4 && class_size(4) == 80);
static_assert(class_of(80) == 4 && class_of(81) == 5 && class_of(128) == 7 && class_size(7) == 128);
static_assert(class_of(129) == 8 && class_size(8) == 160 && class_size(class_of(5000)) >= 5000);

struct free_block {
  free_block* next;
};

// Owned by a thread, so that a signal handler can tell its own thread's lock from another's.
class owned_lock {
 public:
  // False: this thread holds it already, below the signal handler that calls.
  bool lock() noexcept {
    void* const self = __builtin_thread_pointer();
    for (unsigned spins = 0;; ++spins) {
      void* expected = nullptr;
      if (owner_.compare_exchange_weak(expected, self, std::memory_order_acquire)) return true;
      if (expected == self) return false;
      if (spins % 64 == 63) sched_yield();
    }
  }
  void unlock() noexcept { owner_.store(nullptr, std::memory_order_release); }

 private:
  std::atomic<void*> owner_{nullptr};
};

struct alignas(64) size_class {
  owned_lock lock;
  free_block* free = nullptr;
  std::byte* fresh = nullptr;  // the rest of the class's last slab
  std::byte* fresh_end = nullptr;
};

constinit size_class classes[class_count];
constinit std::atomic<std::uintptr_t> region_next{0};  // 0: not reserved yet
constinit std::uintptr_t region_end = 0;
constinit owned_lock region_lock;
constinit std::atomic<std::int64_t> in_use{0};  // but for what the stores count
constinit std::atomic<internal_store*> all_stores{nullptr};
[[gnu::tls_model("initial-exec")]] constinit thread_local internal_store* store_of_thread = nullptr;

void reserve_region() noexcept {
  if (!region_lock.lock()) return;
  if (region_next.load(std::memory_order_acquire) == 0) {
    void* base = MAP_FAILED;
    for (std::size_t size : region_sizes) {
      base = mmap(reinterpret_cast<void*>(region_base), size, PROT_READ | PROT_WRITE,
                  MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE, -1, 0);
      if (base == MAP_FAILED) continue;
      madvise(base, size, MADV_NOHUGEPAGE);
      madvise(base, size, MADV_DONTDUMP);
      region_end = reinterpret_cast<std::uintptr_t>(base) + size;
      break;
    }
    if (base == MAP_FAILED)
      internal_fatal("cannot reserve address space for the detector (ulimit -v, or vm.overcommit_memory=2?)");
    region_next.store(reinterpret_cast<std::uintptr_t>(base), std::memory_order_release);
  }
  region_lock.unlock();
}

std::byte* take_from_region(std::size_t bytes) noexcept {
  if (region_next.load(std::memory_order_acquire) == 0) [[unlikely]]
    reserve_region();
  const std::uintptr_t at = region_next.fetch_add(bytes, std::memory_order_relaxed);
  if (at + bytes > region_end || at + bytes < at) internal_fatal("the detector ran out of address space");
  return reinterpret_cast<std::byte*>(at);
}

constexpr std::size_t round_up(std::size_t n, std::size_t to) { return (n + to - 1) / to * to; }

// Pre: the class's lock is held.
void* take_locked(size_class& c, std::size_t size) noexcept {
  if (c.free) return std::exchange(c.free, c.free->next);
  if (size > slab / 4) return take_from_region(round_up(size, page));
  if (static_cast<std::size_t>(c.fresh_end - c.fresh) < size) {
    c.fresh = take_from_region(slab);
    c.fresh_end = c.fresh + slab;
  }
  return std::exchange(c.fresh, c.fresh + size);
}

}  // namespace

// The calling thread's store for a scope, if it has one, and is not in the middle of using it.
struct store_access {
  explicit store_access(unsigned index) noexcept
      : store(index < internal_store::classes ? store_of_thread : nullptr) {
    if (store && store->busy_) store = nullptr;
    if (store) store->busy_ = true;
    std::atomic_signal_fence(std::memory_order_seq_cst);
  }
  ~store_access() {
    std::atomic_signal_fence(std::memory_order_seq_cst);
    if (store) store->busy_ = false;
  }
  store_access(const store_access&) = delete;
  explicit operator bool() const noexcept { return store != nullptr; }

  void* take(unsigned index) noexcept {
    internal_store::free_list& l = store->lists_[index];
    if (!l.first && !refill(index, l)) return nullptr;
    --l.count;
    count(static_cast<std::int64_t>(class_size(index)));
    return std::exchange(l.first, static_cast<free_block*>(l.first)->next);
  }
  void give(void* block, unsigned index) noexcept {
    internal_store::free_list& l = store->lists_[index];
    l.first = ::new (block) free_block{static_cast<free_block*>(l.first)};
    count(-static_cast<std::int64_t>(class_size(index)));
    if (++l.count >= most) hand_back(index, l);
  }

 private:
  static constexpr unsigned most = 64, at_once = 32;

  void count(std::int64_t bytes) noexcept {
    store->in_use_.store(store->in_use_.load(std::memory_order_relaxed) + bytes, std::memory_order_relaxed);
  }
  bool refill(unsigned index, internal_store::free_list& l) noexcept {
    size_class& c = classes[index];
    if (!c.lock.lock()) [[unlikely]]
      return false;
    // In the order in which the class would hand them out.
    free_block** at = reinterpret_cast<free_block**>(&l.first);
    for (; l.count < at_once; ++l.count) {
      *at = ::new (take_locked(c, class_size(index))) free_block{nullptr};
      at = &(*at)->next;
    }
    c.lock.unlock();
    return true;
  }
  void hand_back(unsigned index, internal_store::free_list& l) noexcept {
    size_class& c = classes[index];
    if (!c.lock.lock()) [[unlikely]]
      return;  // of an interrupted owner: they stay here
    for (; l.count > at_once; --l.count) {
      auto* const block = static_cast<free_block*>(l.first);
      l.first = block->next;
      block->next = c.free;
      c.free = block;
    }
    c.lock.unlock();
  }

  internal_store* store;
};

void internal_store::serve_this_thread() noexcept {
  if (std::exchange(busy_, false))  // its thread was not alive to finish what it did: it was lost in a fork
    for (free_list& l : lists_) l = {};
  if (!std::exchange(listed_, true)) {
    next_ = all_stores.load(std::memory_order_relaxed);
    while (!all_stores.compare_exchange_weak(next_, this, std::memory_order_release)) {
    }
  }
  store_of_thread = this;
}

void* internal_allocate(std::size_t bytes) noexcept {
  const unsigned index = class_of(bytes);
  if (store_access own(index); own)
    if (void* const block = own.take(index)) return block;
  if (index >= class_count) internal_fatal("the detector was asked for an absurd amount of memory");
  const std::size_t size = class_size(index);
  in_use.fetch_add(static_cast<std::int64_t>(size), std::memory_order_relaxed);
  size_class& c = classes[index];
  if (!c.lock.lock()) [[unlikely]]
    return take_from_region(round_up(size, page));
  void* const block = take_locked(c, size);
  c.lock.unlock();
  return block;
}

void internal_release(void* block, std::size_t bytes) noexcept {
  if (!block) return;
  const unsigned index = class_of(bytes);
  if (store_access own(index); own) return own.give(block, index);
  const std::size_t size = class_size(index);
  in_use.fetch_sub(static_cast<std::int64_t>(size), std::memory_order_relaxed);
  if (size >= give_back) madvise(block, round_up(size, page), MADV_DONTNEED);
  size_class& c = classes[index];
  if (!c.lock.lock()) [[unlikely]]
    return;  // from a signal handler within this very class: the block is lost, nothing is harmed
  c.free = ::new (block) free_block{c.free};
  c.lock.unlock();
}

void* internal_reserve(std::size_t bytes) noexcept { return take_from_region(round_up(bytes, page)); }

std::size_t internal_bytes_in_use() noexcept {
  std::int64_t sum = in_use.load(std::memory_order_relaxed);
  for (const internal_store* s = all_stores.load(std::memory_order_acquire); s; s = s->next_)
    sum += s->in_use_.load(std::memory_order_relaxed);
  return static_cast<std::size_t>(sum);
}

constinit void (*fatal_with_findings)(const char*) = nullptr;

void internal_fatal(const char* message) noexcept {
  if (fatal_with_findings) fatal_with_findings(message);
  char line[512];
  std::size_t n = 0;
  for (const char* part : {"snag: fatal: ", message, "\n"})
    for (; *part && n + 1 < sizeof line; ++part) line[n++] = *part;
  if (write(STDERR_FILENO, line, n) < 0) {
  }
  _exit(70);
}

}  // namespace snag::detector
