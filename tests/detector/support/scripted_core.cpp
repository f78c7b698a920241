// SPDX-License-Identifier: Apache-2.0
#include "tests/detector/support/scripted_core.h"

#include <gtest/gtest.h>

#include <cstring>

#include "detector/src/entry.h"
#include "detector/src/object_state.h"
#include "detector/src/observer.h"
#include "detector/src/site_registry.h"
#include "detector/src/sweep.h"

namespace snag::testing {
namespace {

using namespace snag::detector;

constexpr int site_count = scripted_core::most_steps;
hooks::site script_sites[site_count];  // one a step: a record's site says which access it is
alignas(4096) std::byte program_memory[scripted_core::wide_bytes];
std::vector<race_hit> told;

void collect(const race_hit& h) { told.push_back(h); }

// The test's own goroutine: parent of every script's, never accesses what scripts access.
events::actor& test_actor() {
  static events::actor a;
  static const bool known =
      (a.id = events::goroutine_id::main, the_observer().on_created(a, nullptr, {}), true);
  (void)known;
  return a;
}

constinit std::uint64_t next_public_id = 1000;

int step_of(record_id r) {
  const hooks::site* s = sites[records[r].site];
  return s ? static_cast<int>(s - script_sites) : -1;
}

}  // namespace

struct scripted_core::fixture {
  entrance how;
  events::actor* running = nullptr;
  std::map<int, std::unique_ptr<events::actor>> actors;
  std::map<int, std::unique_ptr<events::actor>> timers;
  events::object objects[testing::objects];
  events::object mutexes[testing::mutexes];
  events::object channels[testing::channels];
  core_observer& core = the_observer();

  explicit fixture(entrance e) : how(e) {
    for (events::object& m : mutexes) m.kind = events::object_kind::mutex;
  }

  std::uint64_t address(const step& s) const {
    return reinterpret_cast<std::uint64_t>(program_memory) + static_cast<unsigned>(s.offset);
  }

  void plain(const step& s, int index, bool* skipped) {
    const access_kind kind = s.what == op::write ? access_kind::write : access_kind::read;
    thread_state& t = this_thread();
    const entry_scope scope(t);
    ASSERT_TRUE(static_cast<bool>(scope));
    if (how == entrance::filtered && on_record(t, kind, address(s), static_cast<unsigned>(s.size))) {
      if (skipped) *skipped = true;
      return;
    }
    const access a{*t.actor,
                   kind,
                   static_cast<std::uint32_t>(s.size),
                   {sites.id_of(&script_sites[index]), context_id::root}};
    check_and_record(t, a, address(s), static_cast<unsigned>(s.size));
    tell_races(t, a);
  }

  template <class T>
  void atomic(const step& s, int index, T (*load)(const volatile T*, std::uint32_t, const hooks::site*),
              void (*store)(volatile T*, T, std::uint32_t, const hooks::site*),
              T (*update)(volatile T*, T, std::uint32_t, std::uint32_t, const hooks::site*),
              T (*exchange)(volatile T*, T, T, std::uint32_t, std::uint32_t, const hooks::site*)) {
    auto* at = reinterpret_cast<T*>(address(s));
    const hooks::site* where = &script_sites[index];
    const auto order = static_cast<std::uint32_t>(s.order);
    const T present = *at;
    switch (s.what) {
      case op::atomic_load:
        EXPECT_EQ(load(at, order, where), present);
        break;
      case op::atomic_store:
        store(at, static_cast<T>(index), order, where);
        EXPECT_EQ(*at, static_cast<T>(index));
        break;
      case op::atomic_add:
        EXPECT_EQ(update(at, 3, static_cast<std::uint32_t>(hooks::atomic_operation::add), order, where),
                  present);
        EXPECT_EQ(*at, static_cast<T>(present + 3));
        break;
      default: {
        const bool succeeds = s.what == op::atomic_exchange_ok;
        const T expected = succeeds ? present : static_cast<T>(present + 1);
        EXPECT_EQ(exchange(at, expected, static_cast<T>(index), order,
                           static_cast<std::uint32_t>(s.failure_order), where),
                  present);
        EXPECT_EQ(*at, succeeds ? static_cast<T>(index) : present);
      }
    }
  }

  void atomic(const step& s, int index) {
    switch (s.size) {
      case 1:
        return atomic(s, index, __snag_atomic8_load, __snag_atomic8_store, __snag_atomic8_update,
                      __snag_atomic8_compare_exchange);
      case 2:
        return atomic(s, index, __snag_atomic16_load, __snag_atomic16_store, __snag_atomic16_update,
                      __snag_atomic16_compare_exchange);
      case 4:
        return atomic(s, index, __snag_atomic32_load, __snag_atomic32_store, __snag_atomic32_update,
                      __snag_atomic32_compare_exchange);
      default:
        return atomic(s, index, __snag_atomic64_load, __snag_atomic64_store, __snag_atomic64_update,
                      __snag_atomic64_compare_exchange);
    }
  }

  events::actor& timer(int number) {
    auto& t = timers[number];
    if (!t) {
      t = std::make_unique<events::actor>();
      t->kind = events::actor_kind::timer;
    }
    return *t;
  }
};

scripted_core::scripted_core(entrance how) : f_(std::make_unique<fixture>(how)) {
  static const bool registered = (sites.add(script_sites, script_sites + site_count), true);
  (void)registered;
  test_actor();
  sink_for_testing = collect;
  told.clear();
  std::memset(program_memory, 0, arena_bytes);
  on_unmapped(program_memory, wide_bytes);
  switch_to(0);
}

scripted_core::~scripted_core() {
  f_->core.on_switched(f_->running, &test_actor());
  for (auto& [number, a] : f_->actors) {
    if (!a->slot.state) continue;
    if (a->kind == events::actor_kind::thread) {
      f_->core.on_joined(test_actor(), *a);  // ended or not: it is over
    } else {
      f_->core.on_ended(*a, {});
    }
  }
  for (auto& [number, t] : f_->timers) f_->core.on_ended(*t, {});
  for (events::object& o : f_->objects) f_->core.on_object_destroyed(o);
  for (events::object& m : f_->mutexes) {
    drop_state(m);
    on_unmapped(&m, sizeof m);  // or who locked it would stay known there, script by script
  }
  for (events::object& c : f_->channels) f_->core.on_object_destroyed(c);
  sink_for_testing = nullptr;
}

std::byte* scripted_core::arena() const { return program_memory; }

events::actor& scripted_core::actor(int number) {
  auto& a = f_->actors[number];
  if (!a) {
    a = std::make_unique<events::actor>();
    a->id = static_cast<events::goroutine_id>(next_public_id++);
    if (number == 0) f_->core.on_created(*a, &test_actor(), {});
  }
  return *a;
}

void scripted_core::switch_to(int number) {
  events::actor& a = actor(number);
  if (f_->running == &a) return;
  f_->core.on_switched(f_->running, &a);
  f_->running = &a;
}

std::vector<hit> scripted_core::play(const step& s, int index, bool* skipped) {
  fixture& f = *f_;
  core_observer& core = f.core;
  events::actor& self = actor(s.actor);
  switch_to(s.actor);
  thread_state& t = this_thread();
  // The step's call is in progress, for both sides: events that record an access find their site there.
  hooks::frame frame;
  frame.call = &script_sites[index];
  t.hot.top = &frame;
  told.clear();
  switch (s.what) {
    case op::go: {
      events::actor& child = actor(s.other);
      child.kind = s.size ? events::actor_kind::thread : events::actor_kind::goroutine;
      core.on_created(child, &self, {});
      break;
    }
    case op::end:
      core.on_ended(self, {});
      f.running = nullptr;
      break;
    case op::join:
      core.on_joined(self, actor(s.other));
      break;
    case op::read:
    case op::write:
      f.plain(s, index, skipped);
      break;
    case op::atomic_load:
    case op::atomic_store:
    case op::atomic_add:
    case op::atomic_exchange_ok:
    case op::atomic_exchange_failed:
      f.atomic(s, index);
      break;
    case op::fence:
      __snag_fence(static_cast<std::uint32_t>(s.order), &script_sites[index]);
      break;
    case op::acquire:
      core.on_acquired(self, f.objects[s.object], static_cast<unsigned>(s.part), {});
      break;
    case op::release:
      core.on_released(self, f.objects[s.object], static_cast<unsigned>(s.part), {});
      break;
    case op::lock:
      core.on_mutex_locked(self, f.mutexes[s.object], /*tried=*/true,
                           {});  // (orders of locks are not compared)
      break;
    case op::unlock:
      core.on_mutex_unlocking(self, f.mutexes[s.object], {});
      break;
    case op::merge:
      core.on_released_merging(self, f.objects[s.object], static_cast<unsigned>(s.part), {});
      break;
    case op::buffered_send:
      core.on_buffered(self, f.channels[s.object], static_cast<unsigned>(s.part), events::direction::send,
                       {});
      break;
    case op::buffered_receive:
      core.on_buffered(self, f.channels[s.object], static_cast<unsigned>(s.part), events::direction::receive,
                       {});
      break;
    case op::rendezvous: {
      events::actor& partner = actor(s.other);
      auto* state = static_cast<actor_state*>(partner.slot.state);
      state->saved_top = &frame;
      state->stack = {reinterpret_cast<std::uintptr_t>(&frame), reinterpret_cast<std::uintptr_t>(&frame + 1)};
      core.on_rendezvous(self, partner, f.channels[s.object],
                         s.size ? events::direction::receive : events::direction::send, {});
      state->saved_top = nullptr;
      state->stack = {};
      break;
    }
    case op::close:
      core.on_closed(self, f.channels[s.object], {});
      break;
    case op::receive_closed:
      core.on_received_closed(self, f.channels[s.object], {});
      break;
    case op::arm:
      core.on_timer_armed(f.timer(s.object), self, {});
      break;
    case op::fire:
      core.on_released_merging(f.timer(s.object), f.objects[s.part], 0, {});
      break;
    case op::forget:
      on_unmapped(program_memory + s.offset, static_cast<unsigned>(s.size));
      break;
    case op::sweep: {
      const core_scope scope(t);
      sweep_now(t);
      break;
    }
    case op::rush: {
      const core_scope scope(t);
      if (t.actor->now().time < UINT32_MAX - 5) t.actor->set_time_for_testing(UINT32_MAX - 3);
      break;
    }
  }
  t.hot.top = nullptr;
  std::vector<hit> hits;
  const auto base = reinterpret_cast<std::uint64_t>(program_memory);
  for (const race_hit& h : told)
    for (int byte = 0; byte < 4; ++byte)
      if (h.bytes >> byte & 1) {
        const bool inside = h.granule >= base && h.granule < base + wide_bytes;
        hits.push_back({inside ? static_cast<int>(h.granule - base) + byte : channel_word + s.object,
                        step_of(h.previous)});
      }
  return hits;
}

// --- By name ---------------------------------------------------------------------------------------------

namespace {
step make(op what, int actor) {
  step s{what};
  s.actor = actor;
  return s;
}
}  // namespace

std::size_t scripted_core::go(int parent, int child, bool thread) {
  step s = make(op::go, parent);
  s.other = child;
  s.size = thread;
  return play(s, 0).size();
}
std::size_t scripted_core::end(int a) { return play(make(op::end, a), 0).size(); }
std::size_t scripted_core::read(int a, std::size_t offset, std::size_t bytes) {
  step s = make(op::read, a);
  s.offset = static_cast<int>(offset);
  s.size = static_cast<int>(bytes);
  return play(s, 1).size();
}
std::size_t scripted_core::write(int a, std::size_t offset, std::size_t bytes) {
  step s = make(op::write, a);
  s.offset = static_cast<int>(offset);
  s.size = static_cast<int>(bytes);
  return play(s, 2).size();
}
std::size_t scripted_core::play_on(int object, op what, int a, int index) {
  step s = make(what, a);
  s.object = object;
  return play(s, index).size();
}
std::size_t scripted_core::acquire(int a, int object) { return play_on(object, op::acquire, a, 3); }
std::size_t scripted_core::release(int a, int object) { return play_on(object, op::release, a, 4); }
std::size_t scripted_core::merge(int a, int object) { return play_on(object, op::merge, a, 5); }
std::size_t scripted_core::lock(int a, int mutex) { return play_on(mutex, op::lock, a, 7); }
std::size_t scripted_core::unlock(int a, int mutex) { return play_on(mutex, op::unlock, a, 8); }
std::size_t scripted_core::destroy(int a, int mutex) {
  switch_to(a);
  told.clear();
  f_->core.on_object_destroyed(f_->mutexes[mutex]);
  return told.size();
}
std::size_t scripted_core::sweep() { return play(make(op::sweep, 0), 6).size(); }

}  // namespace snag::testing
