// SPDX-License-Identifier: Apache-2.0
#pragma once
// A hash map that many goroutines use at once without a lock of their own. Each operation is atomic for its
// key. Values are copied in and out, so V is usually small or a shared pointer; a stored pair never changes.
//
//   sync_map<std::string, int> ages;
//   ages.store("Ada", 36);
//   if (std::optional<int> age = ages.load("Ada")) …
//   for (auto [name, age] : ages) …
//
// Semantics: Go, sync.Map. What was done before an operation put a pair into the map happens before the
// return of every operation that finds that pair; an operation that only finds orders nothing after it.
// Iterating is no snapshot: no key comes twice, and what changes meanwhile may show or not. Other operations
// may be used inside. No lock is held while hashes, comparisons, copies, destructors or callbacks run.
// Thread-safe; an object that is captured by reference.
#include <concepts>
#include <cstddef>
#include <functional>
#include <iterator>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

#include "snag/config.h"
#include "snag/detail/inline.h"
#include "snag/detail/sync_map.h"

namespace snag {

template <class K, class V, class Hash = std::hash<K>, class Equal = std::equal_to<K>>
class sync_map {
  static_assert(std::is_object_v<K> && std::is_object_v<V> && !std::is_const_v<K> && !std::is_const_v<V>,
                "the keys and values of a sync_map are objects, not references or const");
  static_assert(std::copy_constructible<V>,
                "the values of a sync_map are copied out to whoever loads them: for a type that cannot be "
                "copied, keep a std::shared_ptr to it");
  static_assert(std::is_invocable_r_v<std::size_t, const Hash&, const K&>,
                "a sync_map needs std::hash of its key, or a Hash of yours as its third argument");
  static_assert(std::is_invocable_r_v<bool, const Equal&, const K&, const K&>,
                "a sync_map needs == of its key, or an Equal of yours as its fourth argument");

 public:
  using key_type = K;
  using mapped_type = V;
  struct item {  // of an iteration: valid until its iterator moves on
    const K& key;
    const V& value;
  };
  struct [[nodiscard]] loaded_value {
    V value;
    bool loaded;  // it was there
  };
  class iterator;

  SNAG_INLINE sync_map() : core_(detail::make_map(operations)) {}
  SNAG_INLINE ~sync_map() { detail::destroy_map(core_); }
  sync_map(const sync_map&) = delete;
  sync_map& operator=(const sync_map&) = delete;

  [[nodiscard]] SNAG_INLINE std::optional<V> load(const K& key) const {
    const detail::pinned_entry found = detail::find_in_map(*core_, hash(key), &key);
    return found ? copy(found) : std::nullopt;
  }
  [[nodiscard]] SNAG_INLINE bool contains(const K& key) const {
    return static_cast<bool>(detail::find_in_map(*core_, hash(key), &key));
  }
  SNAG_INLINE void store(K key, V value) {
    const detail::pinned_entry fresh = make(std::move(key), std::move(value));
    detail::store_in_map(*core_, hash(key_of(fresh)), &key_of(fresh), fresh);
  }
  // The value that is there; if there is none, stores this one and answers it.
  SNAG_INLINE loaded_value load_or_store(const K& key, V value) {
    const std::size_t h = hash(key);
    if (const detail::pinned_entry found = detail::find_in_map(*core_, h, &key)) return {*copy(found), true};
    const detail::pinned_entry fresh = make(key, std::move(value));
    const detail::pinned_entry found = detail::insert_into_map(*core_, h, &key, fresh);
    return {*copy(found ? found : fresh), static_cast<bool>(found)};
  }
  // Stores; what was there before.
  SNAG_INLINE std::optional<V> swap(K key, V value) {
    const detail::pinned_entry fresh = make(std::move(key), std::move(value));
    const detail::pinned_entry old = detail::store_in_map(*core_, hash(key_of(fresh)), &key_of(fresh), fresh);
    return old ? copy(old) : std::nullopt;
  }
  SNAG_INLINE std::optional<V> load_and_delete(const K& key) {
    const detail::pinned_entry old = detail::remove_from_map(*core_, hash(key), &key);
    return old ? copy(old) : std::nullopt;
  }
  // False: it was not there.
  SNAG_INLINE bool erase(const K& key) {
    return static_cast<bool>(detail::remove_from_map(*core_, hash(key), &key));
  }
  // Only if the value there equals `old`; false: it does not, or there is none.
  SNAG_INLINE bool compare_and_swap(const K& key, const V& old, V value)
    requires std::equality_comparable<V>
  {
    const std::size_t h = hash(key);
    detail::pinned_entry fresh;
    for (;;) {
      const detail::pinned_entry found = detail::find_in_map(*core_, h, &key);
      if (!found || !has_value(found, old)) return false;
      if (!fresh) fresh = make(key, std::move(value));
      if (detail::replace_in_map(*core_, *found.get(), fresh)) return true;
    }
  }
  SNAG_INLINE bool compare_and_erase(const K& key, const V& old)
    requires std::equality_comparable<V>
  {
    const std::size_t h = hash(key);
    for (;;) {
      const detail::pinned_entry found = detail::find_in_map(*core_, h, &key);
      if (!found || !has_value(found, old)) return false;
      if (detail::remove_from_map(*core_, *found.get())) return true;
    }
  }
  SNAG_INLINE void clear() { detail::clear_map(*core_); }

  // f(key, value) for each pair; stops when it returns false.
  template <class F>
  SNAG_INLINE void range(F&& f) const {
    static_assert(std::is_invocable_v<F&, const K&, const V&>,
                  "sync_map::range: the function is called with a key and a value");
    for (detail::map_cursor at(*core_); at.current() != nullptr; at.advance()) {
      const entry& e = entry_of(at.current());
      if constexpr (std::is_void_v<std::invoke_result_t<F&, const K&, const V&>>) {
        f(e.key, e.value);
      } else {
        if (!f(e.key, e.value)) return;
      }
    }
  }
  [[nodiscard]] SNAG_INLINE iterator begin() const { return iterator(*core_); }
  [[nodiscard]] std::default_sentinel_t end() const noexcept { return {}; }

 private:
  struct entry : detail::map_entry {
    SNAG_USER_ACCESS entry(K k, V v) : key(std::move(k)), value(std::move(v)) {}
    const K key;
    const V value;
  };

  static const entry& entry_of(const detail::map_entry* e) noexcept { return *static_cast<const entry*>(e); }
  static const K& key_of(const detail::pinned_entry& e) noexcept { return entry_of(e.get()).key; }
  SNAG_USER_ACCESS static std::size_t hash(const K& key) { return Hash{}(key); }
  SNAG_USER_ACCESS static bool same_key(const detail::map_entry& e, const void* key) {
    return Equal{}(entry_of(&e).key, *static_cast<const K*>(key));
  }
  SNAG_USER_ACCESS static bool has_value(const detail::pinned_entry& e, const V& value) {
    return entry_of(e.get()).value == value;
  }
  SNAG_USER_ACCESS static std::optional<V> copy(const detail::pinned_entry& e) {
    return std::optional<V>(entry_of(e.get()).value);
  }
  SNAG_USER_ACCESS static detail::pinned_entry make(K key, V value) {
    return detail::pinned_entry(operations, new entry(std::move(key), std::move(value)));
  }
  static void destroy(detail::map_entry* e) noexcept { delete static_cast<entry*>(e); }

  static constexpr detail::map_operations operations{
      &same_key, &destroy, !std::is_trivially_destructible_v<K> || !std::is_trivially_destructible_v<V>};

  detail::map_core* const core_;
};

template <class K, class V, class Hash, class Equal>
class sync_map<K, V, Hash, Equal>::iterator {
 public:
  using iterator_concept = std::input_iterator_tag;
  using value_type = item;
  using difference_type = std::ptrdiff_t;

  SNAG_INLINE explicit iterator(detail::map_core& map) : at_(std::make_unique<detail::map_cursor>(map)) {}
  item operator*() const {
    const entry& e = entry_of(at_->current());
    return {e.key, e.value};
  }
  SNAG_INLINE iterator& operator++() {
    at_->advance();
    return *this;
  }
  SNAG_INLINE void operator++(int) { at_->advance(); }
  friend bool operator==(const iterator& i, std::default_sentinel_t) { return i.at_->current() == nullptr; }

 private:
  std::unique_ptr<detail::map_cursor> at_;
};

}  // namespace snag
