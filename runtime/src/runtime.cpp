// SPDX-License-Identifier: Apache-2.0
#include "snag/runtime.h"

#include <cstdlib>
#include <cstring>
#include <utility>

#include "runtime/src/closure.h"
#include "runtime/src/dump.h"
#include "runtime/src/goexit.h"
#include "runtime/src/goroutine_table.h"
#include "runtime/src/scheduler_core.h"
#include "runtime/src/sequential.h"
#include "snag/clock.h"
#include "snag/panic.h"
#include "snag/schedule.h"

namespace snag {

using detail::current;

void yield() {
  current();  // on first contact the main thread becomes goroutine 1
  detail::yield_now();
}

std::int64_t num_goroutine() {
  const detail::goroutine& self = current();
  return (self.home != nullptr ? *self.home : detail::default_scheduler()).alive();
}

int max_procs(int n) {
  const detail::goroutine& self = current();
  return (self.home != nullptr ? *self.home : detail::default_scheduler()).max_procs(n);
}

void goexit() {
  detail::schedule_point();
  detail::goroutine& self = current();
  if (self.kind != events::actor_kind::goroutine) panic("goexit called on a thread that is not a goroutine");
  detail::start_goexit(self);
}

std::uint64_t goroutine_id() { return static_cast<std::uint64_t>(current().id); }

const char* goroutine_name() {
  const char* name = current().name;
  return name != nullptr ? name : "";
}

void set_goroutine_name(const char* name) {
  detail::goroutine& self = current();
  const char* const old = std::exchange(self.name, name != nullptr ? strdup(name) : nullptr);
  events::observer* const o = events::listening();
  if (o != nullptr) return o->on_named(self);  // it may have kept the old one
  std::free(const_cast<char*>(old));
}

[[gnu::noinline]] std::string stack_trace() {
  std::string text;
  {
    detail::dump_writer out(text);
    detail::dump_running(out, current(), __builtin_frame_address(0));
  }
  return text.substr(text.find_first_not_of('\n'));  // in a dump, an empty line is before each goroutine
}

clock::time_point clock::now() noexcept {
  detail::schedule_point();
  return time_point(detail::now());
}

namespace detail {

void scheduler::wait_for_everybody() noexcept {
  park(
      [](void* main) {
        auto* const self = static_cast<goroutine*>(main);
        self->home->waiting_main_.store(self, std::memory_order_release);
      },
      &current(), wait_reason::foreign);
}

bool scheduler::release_main() noexcept {
  if (waiting_main_.load(std::memory_order_acquire) == nullptr || alive() != 1) return false;
  goroutine* const main = waiting_main_.exchange(nullptr, std::memory_order_acq_rel);
  if (main != nullptr) ready(*main);
  return main != nullptr;
}

void end_main_goroutine() noexcept {
  goroutine& self = current();
  scheduler& home = *self.home;
  home.main_left = true;
  if (events::observer* o = events::listening()) o->on_ended(self, self.stack.bounds());
  self.stack = {};  // the process's, not the arena's
  worker* here = this_worker();
  here->leave_ended(home.next(*here));
}

schedule_record simulate(const schedule& how, void (*run)(void*), void* closure) {
  sequential home(make_policy(how), /*is_program=*/false);
  goroutine& caller = current();
  events::observer* const o = events::installed();
  events::object ends;
  const events::site site{__builtin_return_address(0)};
  if (o != nullptr) {
    o->on_object_created(ends, &caller, 0, site);
    home.ends = &ends;
  }
  worker* const previous = home.the_worker().bind_thread();
  goroutine& body = make_goroutine({}, &caller, __builtin_return_address(0));
  body.run = run;
  body.set_closure_elsewhere(closure);
  launch(body, &caller);
  worker::unbind_thread(previous);
  events::observer* const listener = events::listening();
  if (listener != nullptr) listener->on_switched(&caller, nullptr);
  home.run_to_end();
  if (listener != nullptr) listener->on_switched(nullptr, &caller);
  if (o != nullptr) {
    o->on_acquired(caller, ends, 0, site);
    o->on_object_destroyed(ends);
  }
  return home.record();
}

}  // namespace detail
}  // namespace snag
