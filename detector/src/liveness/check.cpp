// SPDX-License-Identifier: Apache-2.0
#include "detector/src/liveness/check.h"

#include <sched.h>

#include <atomic>

#include "detector/src/liveness/explain.h"
#include "detector/src/liveness/lock_chase.h"
#include "detector/src/liveness/who_can_run.h"
#include "detector/src/world.h"

namespace snag::detector {
namespace {

std::atomic<std::uint64_t> last_look{0};  // how many wait events there had been
std::uint64_t last_cost = 0;              // of it, in the same unit: about a microsecond
std::atomic<int> looker{0};               // the thread that looks; 0: nobody does
std::atomic<bool> disabled{false};

// What is found is told of after the program goes on: reports take locks and time.
void look(thread_state& t, occasion why, const std::byte* frame, vector<told_deadlock>& out, bool& done) {
  const core_scope inside(t);
  if (!inside) return;
  const stopped_program program(t);
  if (!program.stopped()) {
    done = !program.worth_a_retry();
    return;
  }
  capture c(t, program, frame);
  done = c.complete;
  last_cost = 16 + c.parties.size() / 8;
  if (!c.anybody_parked || !c.complete) return;
  c.snapshot.all_asleep = why == occasion::deadlock;
  const vector<bool> lives = who_can_run(c.snapshot, &c.memory);
  bool any_news = false;
  for (std::size_t p = 0; p < c.parties.size(); ++p)
    any_news |= !lives[p] && c.parties[p].actor != nullptr && c.parties[p].actor->waits != nullptr &&
                !c.parties[p].actor->waits->reported;
  last_cost += c.memory.words_read() / 64;
  if (!any_news) return;
  for (const dead_set& d : explain(c, lives)) {
    bool known = true, more = false;
    for (const auto* list : {&d.members, &d.behind, &d.same})
      for (const party_index p : *list) {
        blocked& b = *c.parties[static_cast<std::size_t>(p)].actor->waits;
        if (list != &d.behind)
          known = known && b.reported;
        else
          more = more || !b.reported;
        b.reported = true;
      }
    if (known && !more) continue;
    tell(c, d, out.emplace_back());
    out.back().raw.addendum = known;
    out.back().raw.suspected = !c.memory.saw_everything();
  }
  last_cost += c.memory.words_read() / 64;
}

std::atomic<std::uint64_t> blocked_since{0}, chase_cost{0};

// The caller has just blocked while it holds a lock.
bool closes_cycle(thread_state& t) noexcept {
  if (blocked_since.fetch_add(1, std::memory_order_relaxed) < chase_cost.load(std::memory_order_relaxed))
    return false;
  blocked_since.store(0, std::memory_order_relaxed);
  const core_scope inside(t);
  if (!inside || t.actor == nullptr || !world.stop(t)) return false;
  std::uint64_t actors = 0;
  actor_state::for_each([&](const actor_state&) { ++actors; });
  chase_cost.store(actors / 1024, std::memory_order_relaxed);
  const bool closes = seems_to_close_a_cycle(*t.actor);
  world.resume();
  return closes;
}

// False: another thread looks, and this moment can do without; or this very thread does, and reports.
bool begin_looking(const thread_state& t, bool can_wait) noexcept {
  for (int nobody = 0; !looker.compare_exchange_weak(nobody, t.tid, std::memory_order_acquire); nobody = 0) {
    if (can_wait || nobody == t.tid) return false;
    sched_yield();
  }
  return true;
}

}  // namespace

void stop_looking() noexcept { disabled.store(true, std::memory_order_relaxed); }

[[gnu::noinline]] void look_for_deadlocks(occasion why, const std::byte* stack_pointer) noexcept {
  // (An idle moment is an event, too: a clock may tick while everybody else is dead.)
  const bool idle = why == occasion::idle;
  const std::uint64_t events = count_wait_events(idle ? 1 : 0) + (idle ? 1 : 0);
  thread_state& t = this_thread();
  if (why == occasion::blocked && !closes_cycle(t)) return;
  constexpr std::uint64_t share = 4;  // looking takes a fifth of the run at most
  if (idle && events - last_look.load(std::memory_order_relaxed) < share * last_cost) return;
  if (disabled.load(std::memory_order_relaxed)) return;
  const bool can_wait = idle || why == occasion::now_and_then;
  if (!begin_looking(t, can_wait)) return;
  last_look.store(events, std::memory_order_relaxed);
  vector<told_deadlock> found;
  const auto* const frame =
      stack_pointer != nullptr ? stack_pointer : static_cast<const std::byte*>(__builtin_frame_address(0));
  // At the end of the program, somebody may be in the middle of something: a moment later he is not.
  bool done = false;
  for (int attempt = 0; attempt < (can_wait ? 1 : 20) && !done; ++attempt) look(t, why, frame, found, done);
  for (const told_deadlock& d : found) report(d.raw);
  looker.store(0, std::memory_order_release);
}

}  // namespace snag::detector
