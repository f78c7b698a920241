// SPDX-License-Identifier: Apache-2.0
#pragma once
// The detector's own memory. The program's heap is what we watch, and its allocator may be in the middle of
// an operation when a hook runs, so nothing of ours ever comes from malloc. One region of address space at a
// fixed place outside the program's zones (address_space.h), cut into size classes, four a doubling; a free
// list a class, and a store of small blocks a thread. Addresses depend only on the order of calls, so seeded
// runs repeat exactly.
//
// Thread-safe. A signal handler that interrupts the allocator on its own thread is served from fresh memory
// instead of waiting for itself. Works before any constructor has run. Running out is fatal, with a message.
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <new>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace snag::detector {

// 16-byte aligned, not zeroed; never null. `bytes` of the release is that of the allocation.
void* internal_allocate(std::size_t bytes) noexcept;
void internal_release(void* block, std::size_t bytes) noexcept;

// Address space for a table that grows by being touched: page-aligned, zero, costs nothing until written.
// Never given back.
void* internal_reserve(std::size_t bytes) noexcept;

// Bytes in blocks handed out and not released (without reserved tables).
std::size_t internal_bytes_in_use() noexcept;

// Writes one line to standard error and ends the process with status 70: we cannot go on.
[[noreturn]] void internal_fatal(const char* message) noexcept;
// Asked instead, once set: ends the process the same way, findings kept. The reporter's.
extern void (*fatal_with_findings)(const char* message);

// A thread's own store of small blocks: what it takes and gives back all the time (nodes of clocks) then
// costs no lock, and no cache line that others write.
class internal_store {
 public:
  internal_store() noexcept = default;
  internal_store(const internal_store&) = delete;
  // The calling thread's from now on, and as long as it lives; pre: no living thread's. Never destroyed.
  void serve_this_thread() noexcept;

 private:
  friend struct store_access;
  friend std::size_t internal_bytes_in_use() noexcept;
  static constexpr unsigned classes = 12;  // up to 256 bytes
  struct free_list {
    void* first = nullptr;
    unsigned count = 0;
  };
  free_list lists_[classes];
  bool busy_ = false;  // for a signal handler that interrupts
  bool listed_ = false;
  std::atomic<std::int64_t> in_use_{0};  // handed out less released, by this thread
  internal_store* next_ = nullptr;       // of all
};

template <class T>
class internal_allocator {
 public:
  using value_type = T;
  internal_allocator() noexcept = default;
  template <class U>
  internal_allocator(const internal_allocator<U>&) noexcept {}
  T* allocate(std::size_t n) noexcept {
    static_assert(alignof(T) <= 16);
    return static_cast<T*>(internal_allocate(n * sizeof(T)));
  }
  void deallocate(T* block, std::size_t n) noexcept { internal_release(block, n * sizeof(T)); }
  friend bool operator==(internal_allocator, internal_allocator) noexcept { return true; }
};

using string = std::basic_string<char, std::char_traits<char>, internal_allocator<char>>;
template <class T>
using vector = std::vector<T, internal_allocator<T>>;
template <class K, class V, class Hash = std::hash<K>, class Equal = std::equal_to<K>>
using unordered_map = std::unordered_map<K, V, Hash, Equal, internal_allocator<std::pair<const K, V>>>;

template <class T, class... Args>
T* internal_new(Args&&... args) {
  return ::new (internal_allocator<T>().allocate(1)) T{std::forward<Args>(args)...};
}
template <class T>
void internal_delete(T* object) noexcept {
  if (!object) return;
  object->~T();
  internal_allocator<T>().deallocate(object, 1);
}

}  // namespace snag::detector
