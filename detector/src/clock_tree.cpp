// SPDX-License-Identifier: Apache-2.0
#include "detector/src/clock_tree.h"

#include <algorithm>
#include <atomic>
#include <bit>
#include <new>

#include "detector/src/internal_memory.h"

namespace snag::detector {

// Level 0 is a leaf; a node of level n covers 16^(n+1) slots. No node is empty: an absent subtree is null.
namespace {

constexpr unsigned fanout_bits = clock_node::fanout_bits, fanout = clock_node::fanout;

struct inner_node : clock_node {
  inner_node(std::uint16_t level, epoch tag) : clock_node(level, 0), tag(tag) {}
  epoch tag;
  clock_node* children[fanout] = {};
};
constexpr std::size_t size_of_leaf(unsigned room) { return sizeof(clock_node) + room * sizeof(clock_time); }
static_assert(size_of_leaf(fanout) == 72 && sizeof(inner_node) == 144);

inner_node& as_inner(clock_node* n) { return *static_cast<inner_node*>(n); }
const inner_node& as_inner(const clock_node* n) { return *static_cast<const inner_node*>(n); }

constexpr std::uint32_t index_at(std::uint32_t slot, std::uint32_t level) {
  return slot >> (fanout_bits * level) & (fanout - 1);
}
constexpr std::uint32_t level_for(std::uint32_t slot) {
  std::uint32_t level = 0;
  while (level < 7 && slot >> (fanout_bits * (level + 1)) != 0) ++level;
  return level;
}

// Of a flat clock.
constexpr unsigned room_for(std::uint32_t slot) { return std::max(fanout, std::bit_ceil(slot + 1)); }

clock_node* share(clock_node* n) {
  if (n) n->references.fetch_add(1, std::memory_order_relaxed);
  return n;
}
bool unshared(const clock_node* n) { return n->references.load(std::memory_order_acquire) == 1; }

void drop(clock_node* n) {
  if (!n || n->references.fetch_sub(1, std::memory_order_acq_rel) != 1) return;
  if (n->level == 0) return internal_release(n, size_of_leaf(n->room));
  for (clock_node* child : as_inner(n).children) drop(child);
  internal_delete(&as_inner(n));
}

// Those of a leaf become so many from there, and zeros behind.
void set_times(clock_node* n, const clock_time* from, unsigned count) {
  std::fill(std::copy_n(from, count, n->times()), n->times() + n->room, clock_time{0});
}
clock_node* make_leaf(unsigned room, const clock_time* from = nullptr, unsigned count = 0) {
  auto* const n =
      ::new (internal_allocate(size_of_leaf(room))) clock_node(0, static_cast<std::uint16_t>(room));
  set_times(n, from, count);
  return n;
}
clock_node* make_inner(std::uint16_t level, epoch tag) {
  return ::new (internal_allocate(sizeof(inner_node))) inner_node(level, tag);
}

clock_node* copy(clock_node* n, epoch tag) {
  if (n->level == 0) return make_leaf(n->room, n->times(), n->room);
  clock_node* c = make_inner(n->level, tag);
  for (unsigned i = 0; i < fanout; ++i) as_inner(c).children[i] = share(as_inner(n).children[i]);
  return c;
}

// Makes `n` writable in the name of `maker`: itself if nobody shares it, else a copy in its place.
void own(clock_node*& n, epoch maker) {
  if (unshared(n)) {
    if (n->level != 0) as_inner(n).tag = maker;
    return;
  }
  clock_node* const c = copy(n, maker);
  drop(n);
  n = c;
}

// The leaf that has the slot; null: none. Pre: `n` is not flat, or null.
const clock_node* leaf_of(const clock_node* n, std::uint32_t slot) {
  if (!n || level_for(slot) > n->level) return nullptr;
  while (n && n->level != 0) n = as_inner(n).children[index_at(slot, n->level)];
  return n;
}
// The same, writable in the name of `maker`, and made where there was none. Pre: `n` is as high as the slot
// asks for.
clock_node* own_leaf(clock_node*& n, std::uint32_t slot, epoch maker) {
  for (clock_node** at = &n;;) {
    own(*at, maker);
    const std::uint16_t here = (*at)->level;
    if (here == 0) return *at;
    clock_node*& child = as_inner(*at).children[index_at(slot, here)];
    if (!child)
      child = here == 1 ? make_leaf(fanout) : make_inner(static_cast<std::uint16_t>(here - 1), maker);
    at = &child;
  }
}

clock_time time_in(const clock_node* n, slot_id id) {
  const auto slot = static_cast<std::uint32_t>(id);
  if (n && n->level == 0) return slot < n->room ? n->times()[slot] : 0;
  const clock_node* const leaf = leaf_of(n, slot);
  return leaf ? leaf->times()[index_at(slot, 0)] : 0;
}

bool is_all_zero(const clock_time* times) {
  clock_time any = 0;
  for (unsigned i = 0; i < fanout; ++i) any |= times[i];
  return any == 0;
}
bool are_at_least(const clock_time* times, const clock_time* others) {
  bool all = true;
  for (unsigned i = 0; i < fanout; ++i) all &= times[i] >= others[i];
  return all;
}
// Before it is initialised, it has not.
const bool has_avx2 = [] {
  __builtin_cpu_init();
  return __builtin_cpu_supports("avx2") != 0;
}();
// Eight by one instruction, where what every x86-64 has takes six for four.
[[gnu::target("avx2")]] void raise_all_by_eights(clock_time* times, const clock_time* others,
                                                 unsigned count) {
  for (unsigned i = 0; i < count; ++i) times[i] = std::max(times[i], others[i]);
}
// Pre: `count` is a multiple of fanout.
void raise_all(clock_time* times, const clock_time* others, unsigned count) {
  if (has_avx2 && count > fanout) return raise_all_by_eights(times, others, count);
  for (unsigned i = 0; i < count; ++i) times[i] = std::max(times[i], others[i]);
}

// A join in progress: the whole clocks, whose parts are met.
struct joining {
  clock_node *a, *b;
  const join_rules& rules;

  bool covered(clock_node* root, epoch on_top, epoch tag) const {
    if (!tag || !rules.is_latest) return false;
    const clock_time known =
        tag.slot == on_top.slot ? std::max(on_top.time, time_in(root, tag.slot)) : time_in(root, tag.slot);
    return known >= tag.time && rules.is_latest(tag);
  }
  bool a_covers(clock_node* n) const { return covered(a, rules.mine, as_inner(n).tag); }
  bool b_covers(clock_node* n) const { return covered(b, rules.other, as_inner(n).tag); }
};

// What a join would add, if that is little.
class news {
 public:
  // False: too much. Both may be null; equal levels.
  bool collect(clock_node* a, clock_node* b, std::uint32_t first_slot, const joining& whole) {
    if (a == b || !b) return true;
    if (b->level == 0) {
      for (unsigned i = 0; i < fanout; ++i) {
        const clock_time t = b->times()[i];
        if (t <= (a ? a->times()[i] : 0)) continue;
        if (count_ == most) return false;
        entries_[count_++] = {static_cast<slot_id>(first_slot + i), t};
      }
      return true;
    }
    if (whole.a_covers(b)) return true;
    for (std::uint32_t i = 0; i < fanout; ++i)
      if (!collect(a ? as_inner(a).children[i] : nullptr, as_inner(b).children[i],
                   first_slot + (i << (fanout_bits * b->level)), whole))
        return false;
    return true;
  }
  template <class Visit>
  void for_each(Visit&& visit) const {
    for (unsigned i = 0; i < count_; ++i) visit(entries_[i].slot, entries_[i].time);
  }

 private:
  static constexpr unsigned most = 8;
  epoch entries_[most];
  unsigned count_ = 0;
};

// Both may be null; equal levels. The result is `a` or `b` itself where it covers the other, so that sharing
// survives, and then still the caller's; else a new node, a reference that the caller owns.
clock_node* joined(clock_node* a, clock_node* b, const joining& whole) {
  if (a == b || !b) return a;
  if (!a) return b;
  if (a->level == 0) {
    const clock_time* const ta = a->times();
    const clock_time* const tb = b->times();
    if (are_at_least(ta, tb)) return a;
    if (are_at_least(tb, ta)) return b;
    clock_node* const c = make_leaf(fanout, ta, fanout);
    raise_all(c->times(), tb, fanout);
    return c;
  }
  if (whole.a_covers(b)) return a;
  if (whole.b_covers(a)) return b;
  bool is_a = true, is_b = true;
  clock_node* children[fanout];
  for (unsigned i = 0; i < fanout; ++i) {
    children[i] = joined(as_inner(a).children[i], as_inner(b).children[i], whole);
    is_a &= children[i] == as_inner(a).children[i];
    is_b &= children[i] == as_inner(b).children[i];
  }
  if (is_a) return a;
  if (is_b) return b;
  clock_node* const c = make_inner(a->level, whole.rules.maker);
  for (unsigned i = 0; i < fanout; ++i) {
    const bool is_new = children[i] != as_inner(a).children[i] && children[i] != as_inner(b).children[i];
    as_inner(c).children[i] = is_new ? children[i] : share(children[i]);
  }
  return c;
}

// A flat clock as a tree (a reference the caller gives away).
clock_node* divided(clock_node* flat) {
  clock_node* const c = make_inner(1, {});
  for (unsigned i = 0; i * fanout < flat->room; ++i) {
    const clock_time* const times = flat->times() + i * fanout;
    if (!is_all_zero(times)) as_inner(c).children[i] = make_leaf(fanout, times, fanout);
  }
  drop(flat);
  return c;
}
// Wraps `n` (a reference the caller gives away) until it has `level`.
clock_node* lifted(clock_node* n, std::uint32_t level) {
  if (n && level > 0 && n->level == 0 && n->room > fanout) n = divided(n);
  while (n && n->level < level) {
    clock_node* const c = make_inner(static_cast<std::uint16_t>(n->level + 1), {});
    as_inner(c).children[0] = n;
    n = c;
  }
  return n;
}

bool sound(const clock_node* n, bool root) {
  if (n->references.load(std::memory_order_relaxed) == 0) return false;
  auto* m = const_cast<clock_node*>(n);
  if (n->level == 0)
    return (root || n->room == fanout) &&
           std::any_of(m->times(), m->times() + n->room, [](clock_time t) { return t != 0; });
  bool any = false;
  for (unsigned i = 0; i < fanout; ++i) {
    const clock_node* child = as_inner(m).children[i];
    if (!child) continue;
    any = true;
    if (child->level + 1 != n->level || !sound(child, false)) return false;
  }
  return any && !(root && n->level > 7);
}

std::size_t count(const clock_node* n) {
  if (!n) return 0;
  std::size_t total = 1;
  if (n->level != 0)
    for (const clock_node* child : as_inner(const_cast<clock_node*>(n)).children) total += count(child);
  return total;
}

}  // namespace

clock_tree::clock_tree(const clock_tree& other) noexcept
    : root_(other.is_flat() && other.root_->room == fanout ? copy(other.root_, {}) : share(other.root_)) {}
clock_tree& clock_tree::operator=(const clock_tree& other) noexcept {
  if (root_ == other.root_) return *this;
  if (is_flat() && other.is_flat() && unshared(root_) && root_->room >= other.root_->room) {
    set_times(root_, other.root_->times(), other.root_->room);
  } else {
    *this = clock_tree(other);
  }
  return *this;
}
clock_tree::~clock_tree() { drop(root_); }

clock_time clock_tree::get(slot_id id) const noexcept { return time_in(root_, id); }

void clock_tree::raise(slot_id id, clock_time time, epoch maker) noexcept {
  const auto slot = static_cast<std::uint32_t>(id);
  if (get(id) >= time) return;
  if (!root_ && may_be_flat_for(id)) root_ = make_leaf(room_for(slot));
  if (is_flat_for(id)) {
    make_room(room_for(slot));
    root_->times()[slot] = time;
    return;
  }
  const std::uint32_t level = level_for(slot);
  root_ = root_ ? lifted(root_, level) : make_inner(static_cast<std::uint16_t>(level), maker);
  own_leaf(root_, slot, maker)->times()[index_at(slot, 0)] = time;
}

// Pre: is_flat(). It is nobody else's afterwards, and has so much room.
void clock_tree::make_room(unsigned slots) noexcept {
  if (slots <= root_->room && unshared(root_)) return;
  clock_node* const n = make_leaf(std::max<unsigned>(slots, root_->room), root_->times(), root_->room);
  drop(std::exchange(root_, n));
}

void clock_tree::join_flats(const clock_tree& other) noexcept {
  make_room(other.root_->room);
  raise_all(root_->times(), other.root_->times(), other.root_->room);
}

// Pre: `other` is flat, this is not.
void clock_tree::join_flat_into_tree(const clock_tree& other, epoch maker) noexcept {
  for (unsigned first = 0; first < other.root_->room; first += fanout) {
    const clock_time* const times = other.root_->times() + first;
    const clock_node* const known = leaf_of(root_, first);
    if (known != nullptr ? are_at_least(known->times(), times) : is_all_zero(times)) continue;
    raise_all(own_leaf(root_, first, maker)->times(), times, fanout);
  }
}

void clock_tree::join(const clock_tree& other, const join_rules& rules) noexcept {
  if (root_ == other.root_ || !other.root_) return;
  if (!root_) {
    *this = other;
    return;
  }
  if (other.is_flat()) return is_flat() ? join_flats(other) : join_flat_into_tree(other, rules.maker);
  clock_node* wide = share(other.root_);
  if (root_->level < wide->level) root_ = lifted(root_, wide->level);
  wide = lifted(wide, root_->level);
  const joining whole{root_, wide, rules};
  if (news few; unshared(root_) && few.collect(root_, wide, 0, whole)) {
    few.for_each([&](slot_id slot, clock_time time) { raise(slot, time, rules.maker); });
    drop(wide);
    return;
  }
  clock_node* const result = joined(root_, wide, whole);
  if (result == root_) return drop(wide);
  if (result != wide) drop(wide);  // else its reference is ours
  drop(root_);
  root_ = result;
}

std::size_t clock_tree::count_nodes() const noexcept { return count(root_); }
bool clock_tree::check_invariants() const noexcept { return !root_ || sound(root_, true); }

}  // namespace snag::detector
