// SPDX-License-Identifier: Apache-2.0
#include "runtime/src/timer_heap.h"

#include <algorithm>

#include "runtime/src/check.h"

namespace snag::detail {

void timer_heap::place(std::size_t at, entry e) noexcept {
  entries_[at] = e;
  if (e.node != nullptr) e.node->position = static_cast<std::uint32_t>(at + 1);
}

void timer_heap::sift_up(std::size_t at, entry e) noexcept {
  while (at > 0) {
    const std::size_t parent = (at - 1) / 4;
    if (!e.before(entries_[parent])) break;
    place(at, entries_[parent]);
    at = parent;
  }
  place(at, e);
}

void timer_heap::sift_down(std::size_t at, entry e) noexcept {
  for (;;) {
    const std::size_t first = at * 4 + 1;
    if (first >= entries_.size()) break;
    std::size_t least = first;
    for (std::size_t child = first + 1; child < std::min(first + 4, entries_.size()); ++child)
      if (entries_[child].before(entries_[least])) least = child;
    if (!entries_[least].before(e)) break;
    place(at, entries_[least]);
    at = least;
  }
  place(at, e);
}

void timer_heap::take_first() noexcept {
  if (timer_node* node = entries_.front().node) node->position = 0;
  const entry last = entries_.back();
  entries_.back().node = nullptr;  // who looks for pointers in memory shall not find it here
  entries_.pop_back();
  if (!entries_.empty()) sift_down(0, last);
}

void timer_heap::drop_dead_first() noexcept {
  while (!entries_.empty() && entries_.front().node == nullptr) {
    take_first();
    --dead_;
  }
}

// At least half of all are alive.
void timer_heap::drop_dead() noexcept {
  if (precision_ == precision::exact) drop_dead_first();
  if (dead_ < entries_.size() && (dead_ < 64 || dead_ < entries_.size() / 2)) return;
  std::erase_if(entries_, [](const entry& e) { return e.node == nullptr; });
  dead_ = 0;
  for (std::size_t at = entries_.size(); at-- > 0;) sift_down(at, entries_[at]);
}

void timer_heap::publish_next() noexcept {
  next_.store(entries_.empty() ? never.count() : entries_.front().when.count(), std::memory_order_release);
}

bool timer_heap::insert(timer_node& node) noexcept {
  spin_lock lock(mutex_);
  SNAG_CHECK(node.position == 0, "a timer was started twice");
  node.sequence = ++sequence_;
  node.heap.store(this, std::memory_order_relaxed);
  const entry e{node.when, node.sequence, &node};
  entries_.push_back(e);
  sift_up(entries_.size() - 1, e);
  publish_next();
  return node.position == 1;
}

bool timer_heap::remove(timer_node& node) noexcept {
  spin_lock lock(mutex_);
  if (node.position == 0) return false;
  entries_[node.position - 1].node = nullptr;
  node.position = 0;
  ++dead_;
  drop_dead();
  publish_next();
  return true;
}

bool timer_heap::is_idle() noexcept {
  spin_lock lock(mutex_);
  return !busy_ && next() == never;
}

std::size_t timer_heap::fire_due(nanoseconds now) noexcept {
  std::size_t fired = 0;
  for (bool mine = false;; mine = true) {
    timer_node* due = nullptr;
    {
      spin_lock lock(mutex_);
      if (!mine && busy_) return 0;
      firing_.store(nullptr, std::memory_order_release);
      drop_dead_first();
      busy_ = !entries_.empty() && entries_.front().when <= now;
      if (busy_) {
        due = entries_.front().node;
        take_first();
        drop_dead();
      }
      publish_next();
      if (!busy_) return fired;
      // Release: whoever waits for the last one to be over may see this instead (C++20: no release sequence).
      firing_.store(due, std::memory_order_release);
    }
    due->fire(*due);
    ++fired;
  }
}

bool timer_heap::firing(const timer_node& node) const noexcept {
  return firing_.load(std::memory_order_acquire) == &node;
}

std::size_t timer_heap::size() const noexcept {
  spin_lock lock(mutex_);
  return entries_.size() - dead_;
}

bool timer_heap::lock_for_fork() noexcept {
  mutex_.lock();
  return !busy_;
}

void timer_heap::disarm_all_in_child() noexcept {
  for (entry& e : entries_) e.when = never;
  std::sort(entries_.begin(), entries_.end(), [](const entry& a, const entry& b) { return a.before(b); });
  for (std::size_t at = 0; at < entries_.size(); ++at) place(at, entries_[at]);
  drop_dead();
  publish_next();
  busy_ = false;
  firing_.store(nullptr, std::memory_order_relaxed);
}

void timer_heap::drop_all() noexcept {
  std::vector<timer_node*> owned;  // by nobody but their firing; the others may go with one of these
  {
    spin_lock lock(mutex_);
    for (const entry& e : entries_) {
      if (e.node == nullptr) continue;
      e.node->position = 0;
      if (e.node->dropped != nullptr) owned.push_back(e.node);
    }
    entries_.clear();
    dead_ = 0;
    publish_next();
  }
  for (timer_node* node : owned) node->dropped(*node);
}

void timer_heap::check_invariants() const {
  spin_lock lock(mutex_);
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    SNAG_CHECK(entries_[i].node == nullptr || entries_[i].node->position == i + 1, "timer position");
    SNAG_CHECK(i == 0 || !entries_[i].before(entries_[(i - 1) / 4]), "timer heap order");
  }
  SNAG_CHECK(entries_.empty() || dead_ < entries_.size(), "some timer is alive");
  SNAG_CHECK(precision_ == precision::early || entries_.empty() || entries_.front().node != nullptr,
             "the first timer is alive");
  SNAG_CHECK(next_.load() == (entries_.empty() ? never.count() : entries_.front().when.count()),
             "next timer");
}

}  // namespace snag::detail
