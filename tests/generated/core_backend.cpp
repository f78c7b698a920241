// SPDX-License-Identifier: Apache-2.0
// The detector's core, as programs have it, with all that keeps accesses from the hooks: the inline check,
// windows and filters. The runtime's part, events, is played.
#include <map>

#include "detector/src/entry.h"
#include "detector/src/observer.h"
#include "tests/generated/backend.h"

namespace snag::generated {
namespace {

using namespace snag::detector;

std::set<std::uintptr_t> told;

void collect(const race_hit& h) {
  for (unsigned byte = 0; byte < hooks::granule_size; ++byte)
    if (h.bytes >> byte & 1) told.insert(h.granule + byte);
}

// The process's own: starts each program, and follows all that it did, so that programs do not race with each
// other.
events::actor& main_actor() {
  static events::actor a;
  if (a.id == events::goroutine_id::none) {
    a.id = events::goroutine_id::main;
    the_observer().on_created(a, nullptr, {});
  }
  return a;
}

class core_backend : public backend {
 public:
  core_backend() {
    told.clear();
    sink_for_testing = collect;
    core_.on_created(add(0, false), &main_actor(), {});
    running_ = &main_actor();
  }

  ~core_backend() override {
    for (auto& [number, t] : threads_)
      if (t.self.slot.state && t.self.kind == events::actor_kind::thread)
        core_.on_joined(main_actor(), t.self);
    for (auto& [number, o] : objects_) core_.on_object_destroyed(o);
    core_.on_object_destroyed(end_);
    sink_for_testing = nullptr;
  }

  std::set<std::uintptr_t> finish() override {
    core_.on_switched(running_, &main_actor());
    core_.on_acquired(main_actor(), end_, 0, {});
    return told;
  }

  void started(int thread, std::byte* low, std::byte* high) override {
    threads_[thread].stack = {low, high};
    core_.on_started(actor(thread), {low, high});
  }
  void created(int child, int parent, bool joinable) override {
    core_.on_created(add(child, joinable), &actor(parent), {});
  }
  void switched(int, int to) override {
    core_.on_switched(running_, &actor(to));
    running_ = &actor(to);
  }
  void ended(int thread) override {
    core_.on_released_merging(actor(thread), end_, 0, {});
    core_.on_switched(running_, nullptr);
    core_.on_ended(actor(thread), {});
    running_ = nullptr;
  }
  void joined(int thread, int ended) override { core_.on_joined(actor(thread), actor(ended)); }
  void acquired(int thread, int object) override {
    core_.on_acquired(actor(thread), objects_[object], 0, {});
  }
  void released(int thread, int object) override {
    core_.on_released(actor(thread), objects_[object], 0, {});
  }
  void released_merging(int thread, int object) override {
    core_.on_released_merging(actor(thread), objects_[object], 0, {});
  }

 private:
  struct thread {
    events::actor self;
    events::stack_bounds stack;
  };

  events::actor& actor(int number) { return threads_[number].self; }
  events::actor& add(int number, bool joinable) {
    static std::uint64_t next_id = 1000;
    events::actor& a = actor(number);
    a.id = static_cast<events::goroutine_id>(next_id++);
    a.kind = joinable ? events::actor_kind::thread : events::actor_kind::goroutine;
    return a;
  }

  core_observer& core_ = the_observer();
  std::map<int, thread> threads_;
  std::map<int, events::object> objects_;
  events::object end_;
  events::actor* running_ = nullptr;
};

}  // namespace

std::unique_ptr<backend> make_backend() { return std::make_unique<core_backend>(); }

}  // namespace snag::generated
