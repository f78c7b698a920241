// SPDX-License-Identifier: Apache-2.0
#include "tests/detector/support/oracle.h"

#include <algorithm>

namespace snag::testing {
namespace {

bool acquiring(int order) { return order == 1 || order == 2 || order == 4 || order == 5; }
bool releasing(int order) { return order == 3 || order == 4 || order == 5; }

}  // namespace

int oracle::known(const full_clock& clock, int actor) {
  const auto at = static_cast<std::size_t>(actor);
  return at < clock.size() ? clock[at] : 0;
}

void oracle::set(full_clock& clock, int actor, int time) {
  const auto at = static_cast<std::size_t>(actor);
  if (at >= clock.size()) clock.resize(at + 1);
  clock[at] = time;
}

void oracle::join(full_clock& into, const full_clock& from) {
  if (into.size() < from.size()) into.resize(from.size());
  for (std::size_t actor = 0; actor < from.size(); ++actor) into[actor] = std::max(into[actor], from[actor]);
}

oracle::full_clock oracle::publish(int actor) {
  full_clock now = clocks_[actor];
  set(clocks_[actor], actor, known(now, actor) + 1);
  return now;
}

void oracle::access(int actor, int offset, int size, bool writes, bool atomic, int index,
                    std::vector<hit>& hits) {
  const full_clock& mine = clocks_[actor];
  const int now = known(mine, actor);
  spans_[index] = {actor, now};
  for (int byte = offset; byte < offset + size; ++byte) {
    std::vector<past_access>& past = history_[byte];
    for (const past_access& p : past) {
      const bool ordered = known(mine, p.actor) >= p.time;
      const bool conflicting = (p.writes || writes) && !(p.atomic && atomic);
      if (!ordered && conflicting) hits.push_back({byte, p.index});
    }
    past.push_back({actor, now, index, writes, atomic});
  }
}

void oracle::load(int actor, int offset, int order) {
  const full_clock& learned = atomics_[offset].sequence;
  join(acquiring(order) ? clocks_[actor] : pending_for_fence_[actor], learned);
}

void oracle::modify(int actor, int offset, int order, bool keeps_sequence) {
  const full_clock own = releasing(order) ? publish(actor) : released_by_fence_[actor];
  full_clock& sequence = atomics_[offset].sequence;
  if (!keeps_sequence) sequence.clear();
  join(sequence, own);
}

oracle::same_span oracle::span_of(int index) const {
  same_span s = spans_.at(index);
  while (resumed_.contains({s.actor, s.span})) --s.span;
  return s;
}

std::vector<hit> oracle::play(const step& s, int index) {
  std::vector<hit> hits;
  const int a = s.actor;
  if (!clocks_.contains(a)) set(clocks_[a], a, 1);
  switch (s.what) {
    case op::go: {
      full_clock begin = publish(a);
      set(begin, s.other, 1);
      clocks_[s.other] = begin;
      break;
    }
    case op::end:
      final_[a] = clocks_[a];
      break;
    case op::join:
      join(clocks_[a], final_[s.other]);
      break;
    case op::read:
    case op::write:
      access(a, s.offset, s.size, s.what == op::write, false, index, hits);
      break;
    case op::atomic_load:
      load(a, s.offset, s.order);
      access(a, s.offset, s.size, false, true, index, hits);
      break;
    case op::atomic_store:
      access(a, s.offset, s.size, true, true, index, hits);
      modify(a, s.offset, s.order, false);
      break;
    case op::atomic_add:
    case op::atomic_exchange_ok:
      load(a, s.offset, s.order);
      access(a, s.offset, s.size, true, true, index, hits);
      modify(a, s.offset, s.order, true);
      break;
    case op::atomic_exchange_failed:
      load(a, s.offset, s.failure_order);
      access(a, s.offset, s.size, false, true, index, hits);
      break;
    case op::fence:
      if (acquiring(s.order)) join(clocks_[a], pending_for_fence_[a]);
      if (releasing(s.order)) released_by_fence_[a] = publish(a);
      break;
    case op::acquire:
      join(clocks_[a], objects_[{s.object, s.part}]);
      break;
    case op::release:
      objects_[{s.object, s.part}] = publish(a);
      break;
    case op::lock: {
      mutex& m = mutexes_[s.object];
      join(clocks_[a], m.clock);
      if (m.by == a && known(clocks_[a], a) == m.time + 1) resumed_.insert({a, m.time + 1});
      m.by = -1;
      break;
    }
    case op::unlock:
      mutexes_[s.object] = {clocks_[a], a, known(clocks_[a], a)};
      publish(a);
      break;
    case op::merge:
      join(objects_[{s.object, s.part}], publish(a));
      break;
    case op::buffered_send:
    case op::buffered_receive: {
      if (s.what == op::buffered_send) access(a, channel_word + s.object, 1, false, false, index, hits);
      full_clock& slot = slots_[{s.object, s.part}];
      const full_clock before = slot;
      slot = publish(a);
      join(clocks_[a], before);
      break;
    }
    case op::rendezvous: {
      access(s.size ? s.other : a, channel_word + s.object, 1, false, false, index, hits);
      const full_clock from_a = publish(a), from_b = publish(s.other);
      join(clocks_[a], from_b);
      join(clocks_[s.other], from_a);
      break;
    }
    case op::close:
      access(a, channel_word + s.object, 1, true, false, index, hits);
      closes_[s.object] = publish(a);
      break;
    case op::receive_closed:
      join(clocks_[a], closes_[s.object]);
      break;
    case op::arm:
      join(timers_[s.object], publish(a));
      break;
    case op::fire:
      join(objects_[{s.part, 0}], timers_[s.object]);
      break;
    case op::forget:
      for (int byte = s.offset; byte < s.offset + s.size; ++byte) {
        history_.erase(byte);
        atomics_.erase(byte);
      }
      break;
    case op::sweep:
    case op::rush:
      break;
  }
  return hits;
}

}  // namespace snag::testing
