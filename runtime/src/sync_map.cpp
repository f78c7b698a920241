// SPDX-License-Identifier: Apache-2.0
// A sharded table with chaining. Key comparison is the user's code and so runs with no lock held, on pinned
// entries; an insertion then checks under the lock that what was compared is still all there is:
//
//   A key is added in front of its bucket. So, as long as the first entry with a given hash is the same as
//   before (a pin keeps its address from being used again), no key with that hash has been added.
//   A new value takes the place of the old one in the chain; growing keeps the order of equal hashes.
#include "snag/detail/sync_map.h"

#include <algorithm>
#include <bit>
#include <memory>

#include "runtime/src/object.h"
#include "runtime/src/scheduler.h"
#include "runtime/src/spin_mutex.h"
#include "snag/runtime.h"

namespace snag::detail {

namespace {

// An entry's clocks: what finding it orders after, and what its destruction does. The second is that of
// whoever had it pinned, which orders nothing else, as with a shared_ptr.
constexpr std::size_t content_clock = 0, end_clock = 1;

struct alignas(64) shard {
  spin_mutex guard;
  std::size_t size SNAG_GUARDED_BY(guard) = 0;
  std::size_t buckets SNAG_GUARDED_BY(guard) = 0;  // a power of two, or none yet
  std::unique_ptr<map_entry*[]> table SNAG_GUARDED_BY(guard);
  // What was taken out leaves nothing behind that could carry a clock: whoever finds nothing is ordered after
  // all deletions in the shard. (More than the rule asks for, never less.)
  events::object deletions{.kind = events::object_kind::other};

  ~shard() {
    if (events::observer* o = events::installed()) [[unlikely]]
      o->on_object_destroyed(deletions);
  }

  map_entry** bucket(std::size_t hash) noexcept SNAG_REQUIRES(guard) { return &table[hash & (buckets - 1)]; }
  map_entry* first(std::size_t hash) noexcept SNAG_REQUIRES(guard) {
    return buckets == 0 ? nullptr : same_hash(*bucket(hash), hash);
  }
  static map_entry* same_hash(map_entry* e, std::size_t hash) noexcept {
    while (e != nullptr && e->hash != hash) e = e->next;
    return e;
  }
  // What points to it. pre: e is linked here
  map_entry** link_to(const map_entry& e) noexcept SNAG_REQUIRES(guard) {
    map_entry** link = bucket(e.hash);
    while (*link != &e) link = &(*link)->next;
    return link;
  }
  void add(map_entry& e) SNAG_REQUIRES(guard);
  void unlink(map_entry& e) noexcept SNAG_REQUIRES(guard);
  void replace(map_entry& old, map_entry& fresh) noexcept SNAG_REQUIRES(guard);
  void grow() SNAG_REQUIRES(guard);
};

constexpr std::size_t first_buckets = 8;

void pin(map_entry& e) noexcept { e.references.fetch_add(1, std::memory_order_relaxed); }

void shard::add(map_entry& e) {
  if (size >= buckets) grow();
  map_entry** const at = bucket(e.hash);
  e.next = *at;
  *at = &e;
  e.linked = true;
  pin(e);
  ++size;
}

void shard::unlink(map_entry& e) noexcept {
  if (events::observer* o = events::installed()) [[unlikely]]
    o->on_released_merging(current(), deletions, 0, {});
  *link_to(e) = e.next;
  e.linked = false;
  --size;
}

void shard::replace(map_entry& old, map_entry& fresh) noexcept {
  fresh.next = old.next;
  *link_to(old) = &fresh;
  old.linked = false;
  fresh.linked = true;
  pin(fresh);
}

// Under the lock: what it costs in all is in proportion to what was added.
void shard::grow() {
  const std::size_t more = buckets == 0 ? first_buckets : buckets * 2;
  auto fresh = std::make_unique<map_entry*[]>(more);
  for (std::size_t i = 0; i < buckets; ++i) {
    map_entry** tails[] = {&fresh[i], &fresh[i + buckets]};  // a bucket is split in two, in order
    for (map_entry* e = table[i]; e != nullptr; e = e->next) {
      map_entry**& tail = tails[(e->hash & buckets) != 0];
      *tail = e;
      tail = &e->next;
    }
    *tails[0] = *tails[1] = nullptr;
  }
  table = std::move(fresh);
  buckets = more;
}

// std::hash of an integer is that integer: the shard is chosen by high bits, the bucket by low ones.
std::size_t mix(std::size_t hash) noexcept {
  hash ^= hash >> 32;
  hash *= 0x9e3779b97f4a7c15;
  return hash ^ (hash >> 32);
}

void tell_found(map_entry& e, events::site where) noexcept {
  if (events::observer* o = events::installed()) [[unlikely]]
    o->on_acquired(current(), as_object(e.header), content_clock, where);
}

void tell_missed(shard& s, events::site where) noexcept {
  if (events::observer* o = events::installed()) [[unlikely]]
    o->on_acquired(current(), s.deletions, 0, where);
}

}  // namespace

class map_core {
 public:
  explicit map_core(const map_operations& operations)
      : operations(operations),
        shard_bits_(std::bit_width(std::bit_ceil(static_cast<unsigned>(max_procs(0)) * 4) - 1U)),
        shards_(new shard[shard_count()]) {}
  ~map_core() { clear(); }

  struct lookup {
    pinned_entry match;
    const map_entry* first = nullptr;  // with that hash; pinned: it is the match's, or
    pinned_entry kept;
  };
  lookup look_up(std::size_t hash, const void* key, events::site);
  void clear() noexcept;

  std::size_t shard_count() const noexcept { return std::size_t{1} << shard_bits_; }
  shard& shard_at(std::size_t i) noexcept { return shards_[i]; }
  shard& shard_of(std::size_t hash) noexcept {
    return shards_[shard_bits_ == 0 ? 0 : hash >> (64 - shard_bits_)];
  }
  pinned_entry pinned(map_entry* adopted) const noexcept { return {operations, adopted}; }

  const map_operations& operations;

 private:
  const int shard_bits_;
  const std::unique_ptr<shard[]> shards_;
};

map_core::lookup map_core::look_up(std::size_t hash, const void* key, events::site where) {
  shard& s = shard_of(hash);
  for (;;) {
    lookup result;
    pinned_entry at;
    {
      const spin_lock lock(s.guard);
      map_entry* const first = s.first(hash);
      if (first == nullptr) {
        tell_missed(s, where);
        return result;
      }
      pin(*first);
      at = pinned(first);
      result.first = first;
    }
    bool moved = false;
    while (at && !moved) {
      tell_found(*at.get(), where);
      if (operations.same_key(*at.get(), key)) {
        result.match = std::move(at);
        return result;
      }
      map_entry* next = nullptr;
      {
        const spin_lock lock(s.guard);
        moved = !at->linked;
        if (!moved && (next = shard::same_hash(at->next, hash)) != nullptr) pin(*next);
      }
      if (at.get() == result.first) result.kept = std::move(at);
      at = pinned(next);
    }
    if (!moved) {
      tell_missed(s, where);
      return result;
    }
  }
}

void map_core::clear() noexcept {
  for (std::size_t i = 0; i < shard_count(); ++i) {
    shard& s = shards_[i];
    std::unique_ptr<map_entry*[]> table;
    std::size_t buckets = 0;
    {
      const spin_lock lock(s.guard);
      std::swap(table, s.table);
      std::swap(buckets, s.buckets);
      if (events::observer* o = events::installed(); o != nullptr && s.size > 0) [[unlikely]]
        o->on_released_merging(current(), s.deletions, 0, {});
      s.size = 0;
      for (std::size_t b = 0; b < buckets; ++b)
        for (map_entry* e = table[b]; e != nullptr; e = e->next) e->linked = false;
    }
    for (std::size_t b = 0; b < buckets; ++b) {
      for (map_entry* e = table[b]; e != nullptr;) {
        map_entry* const next = e->next;
        unpin_map_entry(operations, e);
        e = next;
      }
    }
  }
}

void unpin_map_entry(const map_operations& operations, map_entry* e) noexcept {
  events::observer* const o = events::installed();
  if (o != nullptr && operations.destruction_matters) [[unlikely]]
    o->on_released_merging(current(), as_object(e->header), end_clock, {});
  if (e->references.fetch_sub(1, std::memory_order_acq_rel) != 1) return;
  if (o != nullptr) [[unlikely]] {
    if (operations.destruction_matters) o->on_acquired(current(), as_object(e->header), end_clock, {});
    o->on_object_destroyed(as_object(e->header));
  }
  operations.destroy(e);
}

map_core* make_map(const map_operations& operations) { return new map_core(operations); }
void destroy_map(map_core* map) noexcept { delete map; }

namespace {

void tell_written(map_entry& e, events::site where) noexcept {
  if (events::observer* o = events::installed()) [[unlikely]]
    o->on_released(current(), as_object(e.header), content_clock, where);
}

}  // namespace

pinned_entry find_in_map(map_core& map, std::size_t hash, const void* key) {
  const events::site where{__builtin_return_address(0)};
  schedule_point();
  return map.look_up(mix(hash), key, where).match;
}

pinned_entry insert_into_map(map_core& map, std::size_t hash, const void* key, const pinned_entry& fresh) {
  const events::site where{__builtin_return_address(0)};
  schedule_point();
  hash = fresh->hash = mix(hash);
  tell_written(*fresh.get(), where);
  shard& s = map.shard_of(hash);
  for (;;) {
    map_core::lookup seen = map.look_up(hash, key, where);
    if (seen.match) return std::move(seen.match);
    const spin_lock lock(s.guard);
    if (s.first(hash) != seen.first) continue;
    s.add(*fresh.get());
    return {};
  }
}

pinned_entry store_in_map(map_core& map, std::size_t hash, const void* key, const pinned_entry& fresh) {
  const events::site where{__builtin_return_address(0)};
  schedule_point();
  hash = fresh->hash = mix(hash);
  tell_written(*fresh.get(), where);
  shard& s = map.shard_of(hash);
  for (;;) {
    const map_core::lookup seen = map.look_up(hash, key, where);
    const spin_lock lock(s.guard);
    if (map_entry* const old = seen.match.get()) {
      if (!old->linked) continue;
      s.replace(*old, *fresh.get());
      return map.pinned(old);  // the map's own reference
    }
    if (s.first(hash) != seen.first) continue;
    s.add(*fresh.get());
    return {};
  }
}

pinned_entry remove_from_map(map_core& map, std::size_t hash, const void* key) {
  const events::site where{__builtin_return_address(0)};
  schedule_point();
  hash = mix(hash);
  shard& s = map.shard_of(hash);
  for (;;) {
    const map_core::lookup seen = map.look_up(hash, key, where);
    if (!seen.match) return {};
    const spin_lock lock(s.guard);
    if (!seen.match->linked) continue;
    s.unlink(*seen.match.get());
    return map.pinned(seen.match.get());
  }
}

bool replace_in_map(map_core& map, map_entry& old, const pinned_entry& fresh) {
  const events::site where{__builtin_return_address(0)};
  schedule_point();
  fresh->hash = old.hash;
  tell_written(*fresh.get(), where);
  shard& s = map.shard_of(old.hash);
  {
    const spin_lock lock(s.guard);
    if (!old.linked) return false;
    s.replace(old, *fresh.get());
  }
  unpin_map_entry(map.operations, &old);
  return true;
}

bool remove_from_map(map_core& map, map_entry& old) {
  schedule_point();
  shard& s = map.shard_of(old.hash);
  {
    const spin_lock lock(s.guard);
    if (!old.linked) return false;
    s.unlink(old);
  }
  unpin_map_entry(map.operations, &old);
  return true;
}

void clear_map(map_core& map) {
  schedule_point();
  map.clear();
}

map_cursor::map_cursor(map_core& map) : map_(map) {
  schedule_point();
  next_batch();
}

map_cursor::~map_cursor() { drop_batch(); }

void map_cursor::advance() {
  schedule_point();
  if (++position_ < count_) {
    tell_found(*batch_[position_], {});
  } else {
    next_batch();
  }
}

void map_cursor::drop_batch() noexcept {
  for (std::size_t i = 0; i < count_; ++i) unpin_map_entry(map_.operations, batch_[i]);
  count_ = position_ = 0;
  delete[] std::exchange(batch_, nullptr);
}

// A key is in one shard only, of which one moment is shown.
void map_cursor::next_batch() {
  drop_batch();
  while (count_ == 0 && shard_ < map_.shard_count()) {
    shard& s = map_.shard_at(shard_);
    std::size_t size = 0;
    {
      const spin_lock lock(s.guard);
      size = s.size;
    }
    std::unique_ptr<map_entry*[]> batch(new map_entry*[size]);
    {
      const spin_lock lock(s.guard);
      if (s.size > size) continue;  // has grown
      for (std::size_t b = 0; b < s.buckets; ++b) {
        for (map_entry* e = s.table[b]; e != nullptr; e = e->next) {
          pin(*e);
          batch[count_++] = e;
        }
      }
    }
    delete[] std::exchange(batch_, batch.release());
    ++shard_;
  }
  if (count_ != 0) tell_found(*batch_[0], {});
}

}  // namespace snag::detail
