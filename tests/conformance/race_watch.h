// SPDX-License-Identifier: Apache-2.0
#pragma once
// Happens-before as the Go memory model defines it, computed from what the runtime tells its observer, for
// tests that ask whether two accesses race. Full vector clocks and a list of all accesses: obviously right,
// slow, and no part of the detector. Include it in one file of a test program: it installs itself before
// main. Thread-safe.
//
//   expect_ordered([](auto& t) { t.write(); t.go([&] { t.write(); }); });   never a race, on any schedule
//   expect_race([](auto& t) { t.go([&] { t.write(); }); t.write(); });      always one, on every schedule
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <map>
#include <vector>

#include "runtime/events.h"
#include "runtime/src/scheduler.h"
#include "runtime/src/spin_mutex.h"
#include "tests/runtime/every_schedule.h"

namespace snag::test {

class race_watch final : public events::observer {
 public:
  // A place in memory: every access to it that was ever made.
  class variable {
   public:
    bool raced() const { return raced_; }

   private:
    friend class race_watch;
    struct access {
      int actor, time;
      bool writes;
    };
    std::vector<access> accesses_;
    bool raced_ = false;
  };

  void access(variable& v, bool writes) { access(v, detail::current(), writes); }

  // What was learned of others so far is of no use to the next test, and would make it slow.
  void forget() {
    const detail::spin_lock lock(mutex_);
    ++generation_;
  }
  // Closed without being ordered with a send (and so a race on the channel, as in Go).
  bool channel_raced(events::object& o) {
    const detail::spin_lock lock(mutex_);
    return of(o).word.raced_;
  }
  // A wait group whose first add and a wait for it were not ordered, since it was asked last.
  bool take_group_raced() { return group_raced_.exchange(false); }
  std::size_t events_seen() const { return events_.load(); }

  void on_created(events::actor& child, events::actor* parent, events::site) override {
    if (parent == nullptr) return;
    const scope s(*this);
    of(child).clock = publish(*parent);
  }
  void on_ended(events::actor& a, events::stack_bounds) override {
    const scope s(*this);
    delete static_cast<actor_state*>(a.slot.state);
    a.slot.state = nullptr;
  }
  void on_acquired(events::actor& a, events::object& o, std::size_t part, events::site) override {
    const scope s(*this);
    join(of(a).clock, of(o).parts[part]);
  }
  void on_released(events::actor& a, events::object& o, std::size_t part, events::site) override {
    const scope s(*this);
    of(o).parts[part] = publish(a);
  }
  void on_released_merging(events::actor& a, events::object& o, std::size_t part, events::site) override {
    const scope s(*this);
    join(of(o).parts[part], publish(a));
  }
  // The slot passes on what its last user knew before, and no more: Go memory model, k and k + C.
  void on_buffered(events::actor& a, events::object& o, std::size_t slot, events::direction d,
                   events::site) override {
    const scope s(*this);
    if (d == events::direction::send) check(of(o).word, a, false);
    vector_clock& at = of(o).parts[slot];
    const vector_clock mine = publish(a);
    join(of(a).clock, at);
    at = mine;
  }
  void on_rendezvous(events::actor& a, events::actor& b, events::object& o, events::direction d,
                     events::site) override {
    const scope s(*this);
    check(of(o).word, d == events::direction::send ? a : b, false);
    const vector_clock of_a = publish(a), of_b = publish(b);
    join(of(a).clock, of_b);
    join(of(b).clock, of_a);
  }
  void on_closed(events::actor& a, events::object& o, events::site) override {
    const scope s(*this);
    check(of(o).word, a, true);
    of(o).closed = publish(a);
  }
  void on_received_closed(events::actor& a, events::object& o, events::site) override {
    const scope s(*this);
    join(of(a).clock, of(o).closed);
  }
  // Waits and first adds of a group: each of one kind has to be ordered with all of the other.
  void on_touched(events::actor& a, events::object& o, bool, events::site) override {
    if (o.kind == events::object_kind::wait_group) use_group(a, o, /*waits=*/true);
  }
  void on_counted(events::actor& a, events::object& o, std::int32_t delta, std::int32_t count,
                  events::site) override {
    if (delta > 0 && count == delta) use_group(a, o, /*waits=*/false);
  }
  void on_timer_armed(events::actor& timer, events::actor& armer, events::site) override {
    const scope s(*this);
    of(timer).clock = publish(armer);
  }
  void on_object_destroyed(events::object& o) override {
    const scope s(*this);
    delete static_cast<object_state*>(o.slot.state);
    o.slot.state = nullptr;
  }

 private:
  using vector_clock = std::map<int, int>;  // actor → how often it published
  struct actor_state {
    int number = 0, generation = 0;
    vector_clock clock;  // of others; its own time stands in it too
  };
  struct object_state {
    int generation = 0;
    std::map<std::size_t, vector_clock> parts;
    vector_clock closed;
    variable word;  // written by close, read by send
    variable first_adds, waits;
  };
  struct scope : detail::spin_lock {
    explicit scope(race_watch& w) : detail::spin_lock(w.mutex_) { ++w.events_; }
  };

  actor_state& of(events::actor& a) {
    if (a.slot.state == nullptr) a.slot.state = new actor_state{++actors_, generation_, {}};
    auto& state = *static_cast<actor_state*>(a.slot.state);
    if (state.generation != generation_) {  // its own time goes on
      const int time = state.clock[state.number];
      state = {state.number, generation_, {{state.number, time}}};
    }
    return state;
  }
  object_state& of(events::object& o) {
    if (o.slot.state == nullptr) o.slot.state = new object_state{generation_, {}, {}, {}, {}, {}};
    auto& state = *static_cast<object_state*>(o.slot.state);
    if (state.generation != generation_) state = {generation_, {}, {}, {}, {}, {}};
    return state;
  }
  void use_group(events::actor& a, events::object& o, bool waits) {
    const scope s(*this);
    object_state& group = of(o);
    variable others = waits ? group.first_adds : group.waits;  // a copy, to look at
    check(others, a, /*writes=*/true);
    if (others.raced()) group_raced_ = true;
    check(waits ? group.waits : group.first_adds, a, /*writes=*/false);
  }
  static void join(vector_clock& into, const vector_clock& from) {
    for (const auto& [actor, time] : from) into[actor] = std::max(into[actor], time);
  }
  // What it has done and known until now; what it does next is later.
  vector_clock publish(events::actor& a) {
    actor_state& state = of(a);
    vector_clock now = state.clock;
    now.try_emplace(state.number, 0);
    ++(state.clock.try_emplace(state.number, 0).first->second);
    return now;
  }
  void access(variable& v, events::actor& a, bool writes) {
    const scope s(*this);
    check(v, a, writes);
  }
  void check(variable& v, events::actor& a, bool writes) {
    actor_state& state = of(a);
    for (const auto& earlier : v.accesses_) {
      const auto known = state.clock.find(earlier.actor);
      const bool ordered =
          earlier.actor == state.number || (known != state.clock.end() && known->second >= earlier.time);
      if (!ordered && (writes || earlier.writes)) v.raced_ = true;
    }
    const auto own = state.clock.find(state.number);
    v.accesses_.push_back({state.number, own == state.clock.end() ? 0 : own->second, writes});
  }

  detail::spin_mutex mutex_;  // a std::mutex would park the goroutine, and be an event
  std::atomic<std::size_t> events_{0};
  std::atomic<bool> group_raced_{false};
  int actors_ = 0, generation_ = 1;
};

inline race_watch& watch = []() -> race_watch& {
  static auto* const w = new race_watch;  // events go on until the process is gone
  events::install(*w);
  return *w;
}();

// What a body works with: one variable, and goroutines that have ended when it is looked at. Waiting for them
// orders nothing that comes before.
struct race_trial {
  race_watch::variable x;
  wait_group running;

  void read() { watch.access(x, false); }
  void write() { watch.access(x, true); }
  template <class F>
  void go(F f) {
    running.go(std::move(f));
  }
};

template <class Body>
void run_trial(Body& body, bool races) {
  race_trial t;
  body(t);
  t.running.wait();
  EXPECT_EQ(t.x.raced(), races) << (races ? "a race was missed" : "a race where there is none");
}
template <class Body>
void expect_ordered(Body body, int seeds = 50, int rounds = 20) {
  watch.forget();
  on_every_schedule([&] { run_trial(body, false); }, seeds, rounds);
}
template <class Body>
void expect_race(Body body, int seeds = 50, int rounds = 20) {
  watch.forget();
  on_every_schedule([&] { run_trial(body, true); }, seeds, rounds);
}

}  // namespace snag::test
