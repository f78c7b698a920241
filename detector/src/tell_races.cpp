// SPDX-License-Identifier: Apache-2.0
// From the hits of an access to what the reporter is told.
#include <algorithm>
#include <array>
#include <bit>
#include <utility>

#include "detector/src/annotations.h"
#include "detector/src/shadow_access.h"

namespace snag::detector {
namespace {

raw_access describe(const access_record& r) {
  const incarnation* who = slots.incarnation_at(r.when.slot);
  return {who ? who->id : events::goroutine_id::none,
          r.kind(),
          r.size,
          sites[r.site],
          r.context,
          r.locks,
          sites[r.last_release],
          r.last_release_context};
}

raw_access describe(const access& a) {
  return {a.self.who()->id,
          a.kind,
          a.size,
          sites[a.where.site],
          a.where.context,
          a.self.locks,
          sites[a.self.last_release.site],
          a.self.last_release.context};
}

std::uint64_t first_byte(const race_hit& h) {
  return h.granule + static_cast<unsigned>(std::countr_zero(h.bytes));
}

// One access may race with thousands of others that came from one place: they are one report and a count.
class race_groups {
 public:
  race_groups(thread_state& t, const access& a) : t_(t), a_(a) {}
  ~race_groups() { tell(); }

  void add(const race_hit& h) {
    const access_record& p = records[h.previous];
    const std::uint32_t turn = t_.turns.covers(p.when) ? t_.turns.turn() : 0;
    for (std::size_t i = 0; i < size_; ++i)
      if (groups_[i].holds(h, p, turn)) {
        ++groups_[i].times;
        return;
      }
    if (size_ == groups_.size()) tell();
    groups_[size_++] = {h, &p, turn, 1};
  }

 private:
  struct group {
    race_hit first;
    const access_record* previous;
    std::uint32_t turn;
    std::uint64_t times;

    // Alike in all that a finding's fingerprint depends on.
    bool holds(const race_hit& h, const access_record& p, std::uint32_t its_turn) const {
      return p.site == previous->site && p.context == previous->context && p.size == previous->size &&
             p.kind_bits == previous->kind_bits && h.granule == first.granule && h.bytes == first.bytes &&
             h.ordered == first.ordered && its_turn == turn;
    }
  };

  void tell() {
    for (std::size_t i = 0; i < size_; ++i) tell(groups_[i]);
    size_ = 0;
  }
  void tell(const group& g) {
    const std::uint64_t address = first_byte(g.first);
    if (is_benign(address)) {
      t_.ignored += g.times;
      return;
    }
    // Its epoch began with that release, which handed out the one before.
    const epoch when = g.previous->when;
    const bool met = when.time > 1 && a_.self.follows({when.slot, when.time - 1});
    report({address, describe(a_), describe(*g.previous), g.first.ordered, g.turn, g.times, a_.of, met});
  }

  thread_state& t_;
  const access& a_;
  std::array<group, 8> groups_;
  std::size_t size_ = 0;
};

// Each pair of records once, at its lowest address. Sets are visited in order: those of one granule mostly
// are.
void sort_by_record(vector<race_hit>& hits) {
  const auto before = [](const race_hit& x, const race_hit& y) {
    return x.previous != y.previous ? x.previous < y.previous : x.granule < y.granule;
  };
  if (!std::is_sorted(hits.begin(), hits.end(), before)) std::sort(hits.begin(), hits.end(), before);
}

}  // namespace

// A report may run for milliseconds, but nothing it does records: the vector is not touched meanwhile.
void tell_races(thread_state& t, const access& a) noexcept {
  if (sink_for_testing) {
    std::for_each(t.hits.begin(), t.hits.end(), sink_for_testing);
  } else {
    sort_by_record(t.hits);
    race_groups groups(t, a);
    record_id told = record_id::none;
    for (const race_hit& h : t.hits)
      if (std::exchange(told, h.previous) != h.previous) groups.add(h);
  }
  t.hits.clear();
}

}  // namespace snag::detector
