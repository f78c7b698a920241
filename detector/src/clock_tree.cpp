// SPDX-License-Identifier: Apache-2.0
#include "detector/src/clock_tree.h"

#include <algorithm>
#include <atomic>
#include <new>

#include "detector/src/internal_memory.h"

namespace snag::detector {

// Level 0 is a leaf; a node of level n covers 16^(n+1) slots. No node is empty: an absent subtree is null.
namespace {

constexpr unsigned fanout_bits = clock_node::fanout_bits, fanout = clock_node::fanout;

using leaf_node = clock_leaf;
struct inner_node : clock_node {
  inner_node(std::uint32_t level, epoch tag) : clock_node(level), tag(tag) {}
  epoch tag;
  clock_node* children[fanout] = {};
};
static_assert(sizeof(leaf_node) == 72 && sizeof(inner_node) == 144);

leaf_node& as_leaf(clock_node* n) { return *static_cast<leaf_node*>(n); }
inner_node& as_inner(clock_node* n) { return *static_cast<inner_node*>(n); }

constexpr std::uint32_t index_at(std::uint32_t slot, std::uint32_t level) {
  return slot >> (fanout_bits * level) & (fanout - 1);
}
constexpr std::uint32_t level_for(std::uint32_t slot) {
  std::uint32_t level = 0;
  while (level < 7 && slot >> (fanout_bits * (level + 1)) != 0) ++level;
  return level;
}

clock_node* share(clock_node* n) {
  if (n) n->references.fetch_add(1, std::memory_order_relaxed);
  return n;
}
bool unshared(const clock_node* n) { return n->references.load(std::memory_order_acquire) == 1; }

void drop(clock_node* n) {
  if (!n || n->references.fetch_sub(1, std::memory_order_acq_rel) != 1) return;
  if (n->level == 0) return internal_delete(&as_leaf(n));
  for (clock_node* child : as_inner(n).children) drop(child);
  internal_delete(&as_inner(n));
}

clock_node* make_leaf() { return ::new (internal_allocate(sizeof(leaf_node))) leaf_node; }
clock_node* make_inner(std::uint32_t level, epoch tag) {
  return ::new (internal_allocate(sizeof(inner_node))) inner_node(level, tag);
}

clock_node* copy(clock_node* n, epoch tag) {
  if (n->level == 0) {
    clock_node* c = make_leaf();
    std::copy_n(as_leaf(n).times, fanout, as_leaf(c).times);
    return c;
  }
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

clock_time time_in(clock_node* n, slot_id id) {
  const auto slot = static_cast<std::uint32_t>(id);
  if (!n || level_for(slot) > n->level) return 0;
  while (n && n->level != 0) n = as_inner(n).children[index_at(slot, n->level)];
  return n ? as_leaf(n).times[index_at(slot, 0)] : 0;
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
        const clock_time t = as_leaf(b).times[i];
        if (t <= (a ? as_leaf(a).times[i] : 0)) continue;
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
  bool is_a = true, is_b = true;
  if (a->level == 0) {
    const clock_time* const ta = as_leaf(a).times;
    const clock_time* const tb = as_leaf(b).times;
    for (unsigned i = 0; i < fanout; ++i) {
      is_a &= ta[i] >= tb[i];
      is_b &= tb[i] >= ta[i];
    }
    if (is_a) return a;
    if (is_b) return b;
    clock_node* const c = make_leaf();
    for (unsigned i = 0; i < fanout; ++i) as_leaf(c).times[i] = std::max(ta[i], tb[i]);
    return c;
  }
  if (whole.a_covers(b)) return a;
  if (whole.b_covers(a)) return b;
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

// Wraps `n` (a reference the caller gives away) until it has `level`.
clock_node* lifted(clock_node* n, std::uint32_t level) {
  while (n && n->level < level) {
    clock_node* const c = make_inner(n->level + 1, {});
    as_inner(c).children[0] = n;
    n = c;
  }
  return n;
}

bool sound(const clock_node* n, bool root) {
  if (n->references.load(std::memory_order_relaxed) == 0) return false;
  auto* m = const_cast<clock_node*>(n);
  if (n->level == 0)
    return std::any_of(as_leaf(m).times, as_leaf(m).times + fanout, [](clock_time t) { return t != 0; });
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
    : root_(other.is_leaf() ? copy(other.root_, {}) : share(other.root_)) {}
clock_tree& clock_tree::operator=(const clock_tree& other) noexcept {
  if (root_ == other.root_) return *this;
  if (is_leaf() && other.is_leaf() && unshared(root_)) {
    std::copy_n(as_leaf(other.root_).times, fanout, as_leaf(root_).times);
  } else {
    *this = clock_tree(other);
  }
  return *this;
}
clock_tree::~clock_tree() { drop(root_); }

clock_time clock_tree::get(slot_id id) const noexcept { return time_in(root_, id); }

void clock_tree::raise(slot_id id, clock_time time, epoch maker) noexcept {
  const auto slot = static_cast<std::uint32_t>(id);
  if (is_leaf_of(id) && unshared(root_)) {
    clock_time& known = as_leaf(root_).times[slot];
    known = std::max(known, time);
    return;
  }
  if (time == 0 || get(id) >= time) return;
  const std::uint32_t level = level_for(slot);
  if (root_) {
    root_ = lifted(root_, level);
  } else {
    root_ = level == 0 ? make_leaf() : make_inner(level, maker);
  }
  clock_node** at = &root_;
  for (;;) {
    own(*at, maker);
    const std::uint32_t here = (*at)->level;
    if (here == 0) break;
    clock_node*& child = as_inner(*at).children[index_at(slot, here)];
    if (!child) child = here == 1 ? make_leaf() : make_inner(here - 1, maker);
    at = &child;
  }
  as_leaf(*at).times[index_at(slot, 0)] = time;
}

void clock_tree::join(const clock_tree& other, const join_rules& rules) noexcept {
  if (root_ == other.root_ || !other.root_) return;
  if (!root_) {
    *this = other;
    return;
  }
  if (is_leaf() && other.is_leaf() && unshared(root_)) {
    clock_time* const mine = as_leaf(root_).times;
    const clock_time* const theirs = as_leaf(other.root_).times;
    for (unsigned i = 0; i < fanout; ++i) mine[i] = std::max(mine[i], theirs[i]);
    return;
  }
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
