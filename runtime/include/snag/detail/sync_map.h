// SPDX-License-Identifier: Apache-2.0
#pragma once
// The face of the untyped map (runtime/src/sync_map.cpp) that the template of sync_map.h calls. An entry is
// one pair of key and value on the heap, which never changes once it is in a map: a new value is a new
// entry. Whoever is handed one has it pinned, and so reads it with no lock held. Thread-safe.
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <utility>

#include "snag/detail/object_header.h"

namespace snag::detail {

class map_core;

struct map_entry {
  object_header header{object_kind::other};  // its clock: what was done before it was put into the map
  std::size_t hash = 0;
  map_entry* next = nullptr;                 // the map's, as is all that follows
  std::atomic<std::uint32_t> references{1};  // the map has one while it is linked, as has each pin
  bool linked = false;
};

struct map_operations {
  bool (*same_key)(const map_entry&, const void* key);
  void (*destroy)(map_entry*) noexcept;
  bool destruction_matters;  // destroying key or value runs code of the user's
};

void unpin_map_entry(const map_operations&, map_entry*) noexcept;

class pinned_entry {
 public:
  pinned_entry() = default;
  pinned_entry(const map_operations& operations, map_entry* adopted) noexcept
      : operations_(&operations), entry_(adopted) {}
  pinned_entry(pinned_entry&& other) noexcept
      : operations_(other.operations_), entry_(std::exchange(other.entry_, nullptr)) {}
  pinned_entry& operator=(pinned_entry&& other) noexcept {
    std::swap(operations_, other.operations_);
    std::swap(entry_, other.entry_);
    return *this;
  }
  ~pinned_entry() {
    if (entry_ != nullptr) unpin_map_entry(*operations_, entry_);
  }
  map_entry* get() const noexcept { return entry_; }
  map_entry* operator->() const noexcept { return entry_; }
  explicit operator bool() const noexcept { return entry_ != nullptr; }

 private:
  const map_operations* operations_ = nullptr;
  map_entry* entry_ = nullptr;
};

map_core* make_map(const map_operations&);
void destroy_map(map_core*) noexcept;

// `hash` is the user's hash of `key`. Each of these is atomic.
pinned_entry find_in_map(map_core&, std::size_t hash, const void* key);
// The one that is there; empty if `fresh` was put in.
pinned_entry insert_into_map(map_core&, std::size_t hash, const void* key, const pinned_entry& fresh);
// Puts `fresh` in; answers what it replaced.
pinned_entry store_in_map(map_core&, std::size_t hash, const void* key, const pinned_entry& fresh);
pinned_entry remove_from_map(map_core&, std::size_t hash, const void* key);
// Both only if `old` is still in the map.
bool replace_in_map(map_core&, map_entry& old, const pinned_entry& fresh);
bool remove_from_map(map_core&, map_entry& old);
void clear_map(map_core&);

// Every entry that stays in the map meanwhile, no key twice; pins a part of the map at a time.
class map_cursor {
 public:
  explicit map_cursor(map_core&);
  ~map_cursor();
  map_cursor(const map_cursor&) = delete;
  map_entry* current() const noexcept { return position_ < count_ ? batch_[position_] : nullptr; }
  void advance();

 private:
  void drop_batch() noexcept;
  void next_batch();

  map_core& map_;
  map_entry** batch_ = nullptr;
  std::size_t count_ = 0, position_ = 0, shard_ = 0;
};

}  // namespace snag::detail
