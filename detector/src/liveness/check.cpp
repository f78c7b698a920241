// SPDX-License-Identifier: Apache-2.0
#include "detector/src/liveness/check.h"

#include <sched.h>
#include <time.h>

#include <algorithm>
#include <atomic>

#include "detector/src/liveness/explain.h"
#include "detector/src/liveness/lock_chase.h"
#include "detector/src/liveness/scopes.h"
#include "detector/src/liveness/sources.h"
#include "detector/src/liveness/who_can_run.h"
#include "detector/src/world.h"
#include "runtime/census.h"
#include "runtime/spilled_registers.h"

namespace snag::detector {
namespace {

std::atomic<std::uint64_t> last_look{0};  // how many wait events there had been
std::uint64_t last_cost = 0;              // of it, in the same unit: about a microsecond
std::atomic<int> looker{0};               // the thread that looks; 0: nobody does
std::atomic<bool> disabled{false};
std::atomic<bool> main_is_over{false};
std::atomic<bool> has_goroutines{false};
std::atomic<std::uint64_t> look_count{0}, longest_look{0}, all_looks{0}, processor_time{0};

std::int64_t on_processor() noexcept {
  timespec t;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return t.tv_sec * 1'000'000'000 + t.tv_nsec;
}

void count_look(std::int64_t nanoseconds, std::int64_t processor) noexcept {
  const auto n = static_cast<std::uint64_t>(nanoseconds);
  look_count.fetch_add(1, std::memory_order_relaxed);
  all_looks.fetch_add(n, std::memory_order_relaxed);
  processor_time.fetch_add(static_cast<std::uint64_t>(processor), std::memory_order_relaxed);
  if (n > longest_look.load(std::memory_order_relaxed)) longest_look.store(n, std::memory_order_relaxed);
}

// What is found is told of after the program goes on: reports take locks and time.
struct findings {
  const occasion why;
  const scope_record* const of = nullptr;  // its own alone; null: everybody
  const bool counts_only = false;
  vector<told_deadlock> told = {};
  vector<vector<scope_record*>> scopes = {};  // of each
  bool anybody_lives = true;                  // of those asked for; true if that is not known
  bool everybody_waits = false;               // see capture
  bool done = false;
};

bool is_told_of(const party& a) { return a.waits->reported || a.left_over; }

// The scopes that those in the set belong to.
vector<scope_record*> scopes_of(const capture& c, const dead_set& d) {
  vector<scope_record*> out;
  for (const auto* list : {&d.members, &d.behind, &d.same})
    for (const party_index p : *list) {
      scope_record* const s = open_scope_of(*c.parties[static_cast<std::size_t>(p)].actor);
      if (s != nullptr && std::find(out.begin(), out.end(), s) == out.end()) out.push_back(keep(s));
    }
  return out;
}

void look(thread_state& t, const std::byte* stack_pointer, findings& out) {
  const core_scope inside(t);
  if (!inside) return;
  const stopped_program program(t);
  if (!program.stopped()) {
    out.done = !program.worth_a_retry();
    return;
  }
  capture c(t, program, stack_pointer);
  out.done = c.complete;
  last_cost = 16 + c.parties.size() / 8;
  if (!c.anybody_parked || !c.complete) return;
  c.snapshot.all_asleep = out.why == occasion::deadlock;
  out.everybody_waits = c.everybody_waits();
  const vector<bool> lives = who_can_run(c.snapshot, &c.memory);
  bool any_news = false;
  out.anybody_lives = false;
  const party* const self = party_on(t);
  for (std::size_t p = 0; p < c.parties.size(); ++p) {
    const party* const a = c.parties[p].actor;
    if (a == nullptr || (out.of != nullptr && !out.of->counts(*a))) continue;
    out.anybody_lives |= lives[p] && a != self;
    any_news |= !lives[p] && a->waits != nullptr && !is_told_of(*a);
  }
  last_cost += c.memory.words_read() / 64;
  if (!any_news || out.counts_only) return;
  find_places(c, lives);
  for (const dead_set& d : explain(c, lives, out.of)) {
    bool known = true, more = false;
    std::uint64_t fresh = 0;  // findings of one shape at one place
    const auto is_told = [&](party_index p) {
      return is_told_of(*c.parties[static_cast<std::size_t>(p)].actor);
    };
    for (const party_index p : d.same) fresh += is_told(p) ? 0 : 1;
    fresh += std::all_of(d.members.begin(), d.members.end(), is_told) ? 0 : 1;
    for (const auto* list : {&d.members, &d.behind, &d.same})
      for (const party_index p : *list) {
        const party& a = *c.parties[static_cast<std::size_t>(p)].actor;
        if (list != &d.behind)
          known = known && is_told_of(a);
        else
          more = more || !is_told_of(a);
        a.waits->reported = true;
      }
    if (known && !more) continue;
    told_deadlock& told = out.told.emplace_back();
    tell(c, d, told);
    if (fresh != 0) told.raw.times = fresh;
    told.raw.addendum = known;
    told.raw.suspected = !c.memory.saw_everything();
    out.scopes.push_back(scopes_of(c, d));
  }
  last_cost += c.memory.words_read() / 64;
}

void report_all(findings& found) {
  for (std::size_t i = 0; i < found.told.size(); ++i) {
    told_finding became;
    vector<raw_scope> scopes;
    for (const scope_record* s : found.scopes[i]) scopes.push_back(s->raw());
    found.told[i].raw.scopes = scopes;
    name_places(found.told[i].raw);
    report(found.told[i].raw, &became);
    for (scope_record* s : found.scopes[i]) {
      if (became.kept) s->note(became);
      let_go(s);
    }
  }
}

// What was found while a goroutine was on its way to panic.
void discard_all(findings& found) {
  for (const auto& scopes : found.scopes)
    for (scope_record* s : scopes) let_go(s);
  found.told.clear();
}

// pre: the caller looks. `attempts`: somebody may be in the middle of something; a moment later he is not.
constexpr int often = 20;
void look_in_turns(findings& out, int attempts, const std::byte* stack_pointer) {
  thread_state& t = this_thread();
  for (int attempt = 0; attempt < attempts && !out.done; ++attempt) {
    const std::int64_t begin = monotonic_now(), processor = on_processor();
    look(t, stack_pointer, out);
    count_look(monotonic_now() - begin, on_processor() - processor);
  }
}

std::atomic<std::uint64_t> blocked_since{0}, chase_cost{0};

// The caller has just blocked while it holds a lock.
bool closes_cycle(thread_state& t) noexcept {
  if (blocked_since.fetch_add(1, std::memory_order_relaxed) < chase_cost.load(std::memory_order_relaxed))
    return false;
  blocked_since.store(0, std::memory_order_relaxed);
  const core_scope inside(t);
  const party* const self = inside ? party_on(t) : nullptr;
  if (self == nullptr || !world.stop(t)) return false;
  std::uint64_t actors = 0;
  party::for_each([&](const party&) { ++actors; });
  chase_cost.store(actors / 1024, std::memory_order_relaxed);
  const bool closes = seems_to_close_a_cycle(*self);
  world.resume();
  return closes;
}

// Whether nobody can ever run again, though the runtime cannot know it: some of them sleep in the kernel.
// pre: the caller looks, and everybody was seen to wait.
bool all_are_dead(const std::byte* stack_pointer) {
  // (What the runtime is in the middle of doing for goroutines is nobody's in a snapshot.)
  if (!has_threads_alone() || events::outside_may_act()) return false;
  findings all{.why = occasion::deadlock, .counts_only = true};
  look_in_turns(all, 1, stack_pointer);
  return all.done && all.everybody_waits && !all.anybody_lives;
}

// False: another thread looks, and this moment can do without; or this very thread does, and reports.
bool begin_looking(const thread_state& t, bool can_wait) noexcept {
  for (int nobody = 0; !looker.compare_exchange_weak(nobody, t.tid, std::memory_order_acquire); nobody = 0) {
    if (can_wait || nobody == t.tid) return false;
    sched_yield();
  }
  return true;
}

bool ends_with_main(occasion why) noexcept {
  using enum occasion;
  return why == idle || why == now_and_then || why == last_handle || why == last_handle_again;
}

void end_looking() noexcept { looker.store(0, std::memory_order_release); }

}  // namespace

void note_goroutine() noexcept { has_goroutines.store(true, std::memory_order_relaxed); }
bool has_threads_alone() noexcept { return !has_goroutines.load(std::memory_order_relaxed); }
void stop_looking() noexcept { disabled.store(true, std::memory_order_relaxed); }
bool is_childs() noexcept { return disabled.load(std::memory_order_relaxed); }
bool nobody_is_looked_for() noexcept {
  return disabled.load(std::memory_order_relaxed) || main_is_over.load(std::memory_order_relaxed);
}
looks_taken looks() noexcept {
  return {look_count.load(), longest_look.load(), all_looks.load(), processor_time.load()};
}

[[gnu::noinline]] void look_for_deadlocks_in(const scope_record& s) noexcept {
  const std::byte* const stack_pointer = events::stack_with_registers();
  if (disabled.load(std::memory_order_relaxed)) return;
  if (!begin_looking(this_thread(), false)) return;
  findings found{.why = occasion::scope, .of = &s};
  look_in_turns(found, often, stack_pointer);
  report_all(found);
  end_looking();
}

[[gnu::noinline]] bool somebody_lives_in(const scope_record& s) noexcept {
  const std::byte* const stack_pointer = events::stack_with_registers();
  if (!begin_looking(this_thread(), false)) return true;
  findings found{.why = occasion::scope, .of = &s, .counts_only = true};
  look_in_turns(found, often, stack_pointer);
  end_looking();
  return found.anybody_lives;
}

[[gnu::noinline]] void look_for_deadlocks(occasion why, const std::byte* stack_pointer) noexcept {
  const std::byte* const here = events::stack_with_registers();
  // (An idle moment is an event, too: a clock may tick while everybody else is dead.)
  if (why == occasion::ending) main_is_over.store(true, std::memory_order_relaxed);
  const bool idle = why == occasion::idle;
  const std::uint64_t events = count_wait_events(idle ? 1 : 0) + (idle ? 1 : 0);
  thread_state& t = this_thread();
  if (why == occasion::blocked && !closes_cycle(t)) return;
  constexpr std::uint64_t share = 4;  // looking takes a fifth of the run at most
  const bool limited = idle || why == occasion::last_handle_again;
  if (limited && events - last_look.load(std::memory_order_relaxed) < share * last_cost) return;
  if (disabled.load(std::memory_order_relaxed)) return;
  const bool can_wait = idle || why == occasion::now_and_then;
  if (!begin_looking(t, can_wait)) return;
  // Static objects are destroyed once main is over, and what they held goes: nobody misses it. (Asked when
  // nobody else looks: main's own look, which comes first, waits for ours.)
  // A panic, too, takes with it what others wait for.
  if (ends_with_main(why) && (main_is_over.load(std::memory_order_relaxed) || events::is_dying()))
    return end_looking();
  last_look.store(events, std::memory_order_relaxed);
  findings found{.why = why};
  if (stack_pointer == nullptr) stack_pointer = here;
  look_in_turns(found, can_wait ? 1 : often, stack_pointer);
  if (ends_with_main(why) && events::is_dying()) discard_all(found);
  report_all(found);
  const bool is_the_end = found.everybody_waits && why != occasion::deadlock && all_are_dead(stack_pointer);
  end_looking();
  if (is_the_end) events::end_all_asleep();
}

void look_for_deadlocks_in_lull(events::lull why) noexcept {
  switch (why) {
    case events::lull::idle:
      return look_for_deadlocks(occasion::idle);
    case events::lull::ending:
      return look_for_deadlocks(occasion::ending);
    case events::lull::deadlock:
      return look_for_deadlocks(occasion::deadlock);
  }
}

void look_for_deadlocks_from(const std::byte* stack_pointer, const void* interrupted) noexcept {
  // Between two goroutines, a worker has what it carries in its hands; one that sleeps does not.
  if (interrupted != nullptr && party_on(this_thread()) == nullptr && !is_at_system_call(interrupted)) return;
  look_for_deadlocks(occasion::asked, stack_pointer);
}

}  // namespace snag::detector
