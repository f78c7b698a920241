// SPDX-License-Identifier: Apache-2.0
#pragma once
// An observer that writes down what it is told, for tests: one short line an event, with small stable names
// (g1 is the goroutine that started recording, then g2, g3, …; chan1, mutex1, … in the order of first
// mention). Include it in one file of a test program: it installs itself before main. Records only between
// start and stop.
#include <algorithm>
#include <atomic>
#include <map>
#include <string>
#include <vector>

#include "runtime/events.h"
#include "runtime/src/goroutine.h"
#include "runtime/src/scheduler_core.h"

namespace snag::test {

class recorder final : public events::observer {
 public:
  // Only events whose first word is among these; all if empty.
  void start(std::vector<std::string> kinds = {}) {
    const guard g(busy_);
    kinds_ = std::move(kinds);
    lines_.clear();
    actors_.clear();
    objects_.clear();
    counters_.clear();
    sites_.clear();
    actors_[&detail::current()] = "g1";
    recording_ = true;
  }
  std::vector<std::string> stop() {
    const guard g(busy_);
    recording_ = false;
    return std::move(lines_);
  }
  std::vector<const void*> sites() const { return sites_; }  // of the recorded events that have one

  void on_created(events::actor& child, events::actor* parent, events::site s) override {
    write("created", {name(child), parent ? name(*parent) : "-"}, s);
  }
  void on_ended(events::actor& a, events::stack_bounds) override {
    write("ended", {name(a)});
    const guard g(busy_);
    if (a.kind == events::actor_kind::goroutine) actors_.erase(&a);  // its memory may serve another
  }
  void on_acquired(events::actor& a, events::object& o, std::size_t part, events::site s) override {
    write("acquired", {name(a), name(o), std::to_string(part)}, s);
  }
  void on_released(events::actor& a, events::object& o, std::size_t part, events::site s) override {
    write("released", {name(a), name(o), std::to_string(part)}, s);
  }
  void on_released_merging(events::actor& a, events::object& o, std::size_t part, events::site s) override {
    const detail::scheduler* home = detail::current().home;
    if (home != nullptr && &o == home->ends) return;  // told to the simulation by everybody who ends
    write("merged", {name(a), name(o), std::to_string(part)}, s);
  }
  void on_buffered(events::actor& a, events::object& o, std::size_t slot, events::direction d,
                   events::site s) override {
    write("buffered",
          {name(a), name(o), std::to_string(slot), d == events::direction::send ? "send" : "receive"}, s);
  }
  void on_rendezvous(events::actor& a, events::actor& b, events::object& o, events::direction d,
                     events::site s) override {
    write("rendezvous", {name(a), name(b), name(o), d == events::direction::send ? "send" : "receive"}, s);
  }
  void on_closed(events::actor& a, events::object& o, events::site s) override {
    write("closed", {name(a), name(o)}, s);
  }
  void on_received_closed(events::actor& a, events::object& o, events::site s) override {
    write("received_closed", {name(a), name(o)}, s);
  }
  void on_timer_armed(events::actor& t, events::actor& a, events::site s) override {
    write("armed", {name(t), name(a)}, s);
  }
  void on_object_created(events::object& o, events::actor* a, std::size_t size, events::site s) override {
    write("object", {name(o), a ? name(*a) : "-", std::to_string(size)}, s);
  }
  void on_object_destroyed(events::object& o) override {
    write("destroyed", {name(o)});
    const guard g(busy_);
    objects_.erase(&o);
  }
  void on_lock_owned(events::actor& a, events::object& o, events::lock_mode m, bool tried,
                     events::site s) override {
    write("owned",
          {name(a), name(o), m == events::lock_mode::shared ? "shared" : "exclusive", tried ? "tried" : ""},
          s);
  }
  void on_lock_disowned(events::actor& a, events::object& o, events::lock_mode m, events::site s) override {
    write("disowned", {name(a), name(o), m == events::lock_mode::shared ? "shared" : "exclusive"}, s);
  }
  void on_blocked(events::actor& a, events::wait_reason reason, events::wait_mode mode,
                  std::span<const events::wait_target> targets, events::site s) override {
    std::vector<std::string> words{name(a), std::to_string(static_cast<int>(reason)),
                                   mode == events::wait_mode::all_of ? "all" : "any"};
    for (const auto& t : targets) {
      static constexpr const char* operations[] = {"send", "receive", "lock", "lock_shared",
                                                   "wait", "sleep",   "io",   "join"};
      words.push_back((t.on ? name(const_cast<events::object&>(*t.on)) : "-") + ":" +
                      operations[static_cast<int>(t.operation)]);
    }
    write("blocked", words, s);
  }
  void on_unblocked(events::actor& a, events::actor* by) override {
    write("unblocked", {name(a), by ? name(*by) : "-"});
  }
  void on_handle_gained(events::object& o, events::direction d, const void*) override {
    write("gained", {name(o), direction_name(d)});
  }
  void on_handle_lost(events::object& o, events::direction d, const void*) override {
    write("lost", {name(o), direction_name(d)});
  }
  void on_joined(events::actor& a, events::actor& ended) override { write("joined", {name(a), name(ended)}); }

 private:
  class guard {  // not a pthread mutex: those are observed
   public:
    explicit guard(std::atomic_flag& f) : flag_(f) {
      while (flag_.test_and_set(std::memory_order_acquire)) {
      }
    }
    ~guard() { flag_.clear(std::memory_order_release); }

   private:
    std::atomic_flag& flag_;
  };

  static const char* direction_name(events::direction d) {
    return d == events::direction::both ? "both" : d == events::direction::send ? "send" : "receive";
  }
  std::string name(events::actor& a) {
    const guard g(busy_);
    if (!recording_) return "";
    auto& known = actors_[&a];
    if (known.empty()) {
      const char* kind = a.kind == events::actor_kind::timer ? "t" : "g";
      known = kind + std::to_string(++counters_[kind] + (*kind == 'g'));
    }
    return known;
  }
  std::string name(events::object& o) {
    const guard g(busy_);
    if (!recording_) return "";
    auto& known = objects_[&o];
    if (known.empty()) {
      static constexpr const char* kinds[] = {"chan",    "mutex", "rw",  "once",  "cond", "wg",    "timer",
                                              "context", "sem",   "pmx", "pcond", "prw",  "ponce", "other"};
      const char* kind = kinds[static_cast<int>(o.kind)];
      known = kind + std::to_string(++counters_[kind]);
    }
    return known;
  }
  void write(const char* kind, const std::vector<std::string>& words, events::site s = {}) {
    const guard g(busy_);
    if (!recording_ || (!kinds_.empty() && std::ranges::find(kinds_, kind) == kinds_.end())) return;
    std::string line = kind;
    for (const auto& w : words) {
      if (!w.empty()) line += " " + w;
    }
    lines_.push_back(line);
    if (s.pc != nullptr) sites_.push_back(s.pc);
  }

  std::atomic_flag busy_;
  bool recording_ = false;
  std::vector<std::string> kinds_;
  std::vector<std::string> lines_;
  std::map<const events::actor*, std::string> actors_;
  std::map<const events::object*, std::string> objects_;
  std::map<std::string, int> counters_;
  std::vector<const void*> sites_;
};

inline recorder& events_seen = []() -> recorder& {
  static recorder r;
  events::install(r);
  return r;
}();

}  // namespace snag::test
