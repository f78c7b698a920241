// SPDX-License-Identifier: Apache-2.0
// Locks, conditions and wait groups against a model. Each step gives random operations to some of a few
// goroutines; once everybody is done or waits, who is done, and with what, must be something that the model
// can come to. The model is a set of states: every order in which the operations could have taken effect, and
// every choice that is left open (which waiter gets a lock, whether a newcomer is faster than one that was
// woken), as far as they fit what was seen. Not left open: conditions are first in, first out; a writer that
// waits for readers keeps new ones out; a writer that unlocks lets in all readers that wait; who has waited
// for more than a millisecond is handed the lock; nobody waits for what is free.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <compare>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "tests/runtime/every_schedule.h"

namespace snag::test {
namespace {

constexpr int workers = 7;  // the last of them is main: it never waits, so that somebody can always go on
constexpr int master = workers - 1;
constexpr int mutexes = 2, locks = 4, conditions = 2;  // locks from `mutexes` on are shared ones

enum class verb {
  lock,
  try_lock,
  unlock,
  lock_shared,
  try_lock_shared,
  unlock_shared,
  wait,
  notify_one,
  notify_all,
  add,
  done,
  wait_group
};
struct operation {
  verb what = verb::lock;
  int lock = 0, condition = 0;
};

using members = std::uint8_t;  // workers, a bit each
members only(int w) { return static_cast<members>(1U << static_cast<unsigned>(w)); }

// --- The model ---------------------------------------------------------------------------------------------

struct state {
  struct lock {
    int owner = -1;
    members readers = 0, waits = 0, waiting_readers = 0;
    int woken = -1;       // one of `waits`: it competes
    bool closed = false;  // a writer waits for the readers: no new ones
    auto operator<=>(const lock&) const = default;

    bool free() const { return owner < 0 && readers == 0; }
    members queued() const { return woken < 0 ? waits : static_cast<members>(waits & ~only(woken)); }
  };
  std::array<lock, locks> at = {};
  std::array<std::vector<int>, conditions> queue = {};
  std::array<int, workers> relocks = {};  // what a waiter of a condition locks then
  std::array<int, workers> since = {};    // milliseconds
  int count = 0;
  members group_waits = 0;
  members pending = 0;   // have an operation to begin
  members notified = 0;  // have a mutex to lock again
  members busy = 0;      // pending, or wait
  members answers = 0;   // of a try_lock that was true
  auto operator<=>(const state&) const = default;
};

class model {
 public:
  const state& any() const { return *possible_.begin(); }

  void start(int worker, const operation& op) {
    operations_[worker] = op;
    std::set<state> next;
    for (state s : possible_) {
      s.pending |= only(worker);
      s.busy |= only(worker);
      s.answers &= static_cast<members>(~only(worker));
      next.insert(std::move(s));
    }
    possible_ = std::move(next);
  }
  // Everybody is done or waits; these wait, and these tries were true. False: that cannot be.
  bool settle(members busy, members answers) {
    std::vector<state> open(possible_.begin(), possible_.end());
    std::set<state> seen(possible_.begin(), possible_.end());
    possible_.clear();
    while (!open.empty()) {
      const state s = std::move(open.back());
      open.pop_back();
      next_.clear();
      go_on(s);
      if (next_.empty() && s.busy == busy && s.answers == answers) possible_.insert(s);
      for (state& n : next_) {
        if (seen.insert(n).second) open.push_back(std::move(n));
      }
    }
    ++now_;
    return !possible_.empty();
  }

 private:
  // Puts into next_ what can happen next.
  void go_on(const state& s) {
    for (int w = 0; w < workers; ++w) {
      if ((s.pending & only(w)) != 0) begin(s, w);
      if ((s.notified & only(w)) != 0) {
        state n = s;
        n.notified &= static_cast<members>(~only(w));
        lock(std::move(n), w, s.relocks[w]);
      }
    }
    for (int l = 0; l < locks; ++l) {
      if (s.at[l].woken >= 0) look(s, l);
    }
  }
  void begin(state s, int w) {
    const operation& op = operations_[w];
    s.pending &= static_cast<members>(~only(w));
    state::lock& l = s.at[op.lock];
    switch (op.what) {
      case verb::lock:
        return lock(std::move(s), w, op.lock);
      case verb::try_lock:
        if (l.free() && l.queued() != 0 && op.lock >= mutexes) finish(s, w);  // it may give way, as Go's
        if (l.free()) {
          l.owner = w;
          s.answers |= only(w);
        }
        return finish(std::move(s), w);
      case verb::unlock:
        finished(s, w);
        return unlock(std::move(s), op.lock);
      case verb::lock_shared:
      case verb::try_lock_shared:
        if (l.owner < 0 && !l.closed) {
          l.readers |= only(w);
          if (op.what == verb::try_lock_shared) s.answers |= only(w);
        } else if (op.what == verb::lock_shared) {
          l.waiting_readers |= only(w);
          return add(std::move(s));
        }
        return finish(std::move(s), w);
      case verb::unlock_shared:
        finished(s, w);
        l.readers &= static_cast<members>(~only(w));
        return l.readers == 0 && l.closed ? hand_over(s, op.lock, l.queued()) : add(std::move(s));
      case verb::wait:
        s.queue[op.condition].push_back(w);
        s.relocks[w] = op.lock;
        return unlock(std::move(s), op.lock);
      case verb::notify_one:
      case verb::notify_all:
        for (std::vector<int>& q = s.queue[op.condition]; !q.empty();) {
          s.notified |= only(q.front());
          q.erase(q.begin());
          if (op.what == verb::notify_one) break;
        }
        return finish(std::move(s), w);
      case verb::add:
        ++s.count;
        return finish(std::move(s), w);
      case verb::done:
        if (--s.count == 0) s.busy &= static_cast<members>(~std::exchange(s.group_waits, members{0}));
        return finish(std::move(s), w);
      case verb::wait_group:
        if (s.count == 0) return finish(std::move(s), w);
        s.group_waits |= only(w);
        return add(std::move(s));
    }
  }
  void lock(state s, int w, int at) {
    state::lock& l = s.at[at];
    if (l.free()) {
      l.owner = w;
      return finish(std::move(s), w);
    }
    l.waits |= only(w);
    s.since[w] = now_;
    if (l.readers != 0) l.closed = true;
    add(std::move(s));
  }
  void look(state s, int at) {
    state::lock& l = s.at[at];
    const int w = std::exchange(l.woken, -1);
    if (l.free()) return hand_over(s, at, only(w));
    if (l.readers != 0) l.closed = true;
    add(std::move(s));
  }
  void unlock(state s, int at) {
    state::lock& l = s.at[at];
    l.owner = -1;
    if (l.waiting_readers != 0) {
      l.readers = std::exchange(l.waiting_readers, members{0});
      l.closed = l.queued() != 0;
      s.busy &= static_cast<members>(~l.readers);
      return add(std::move(s));
    }
    members starving = 0;
    for (int w = 0; w < workers; ++w) {
      if ((l.queued() & only(w)) != 0 && now_ - s.since[w] > 1) starving |= only(w);
    }
    if (starving != 0) return hand_over(s, at, starving);
    if (l.woken >= 0 || l.waits == 0) return add(std::move(s));
    for (int w = 0; w < workers; ++w) {
      if ((s.at[at].waits & only(w)) == 0) continue;
      state n = s;
      n.at[at].woken = w;
      add(std::move(n));
    }
  }
  void hand_over(const state& s, int at, members to_one_of) {
    for (int w = 0; w < workers; ++w) {
      if ((to_one_of & only(w)) == 0) continue;
      state n = s;
      n.at[at].owner = w;
      n.at[at].waits &= static_cast<members>(~only(w));
      n.at[at].closed = false;
      finish(std::move(n), w);
    }
  }
  static void finished(state& s, int w) { s.busy &= static_cast<members>(~only(w)); }
  void finish(state s, int w) {
    finished(s, w);
    add(std::move(s));
  }
  void add(state s) { next_.push_back(std::move(s)); }

  std::set<state> possible_{state{}};
  std::array<operation, workers> operations_;
  std::vector<state> next_;
  int now_ = 0;
};

// --- The runtime -------------------------------------------------------------------------------------------

struct objects {
  std::array<mutex, mutexes> exclusive;
  std::array<shared_mutex, locks - mutexes> shared;
  std::array<condition_variable, conditions> condition;
  wait_group group;

  bool run(const operation& op) {
    const auto with = [&](auto f) {
      return op.lock < mutexes ? f(exclusive[op.lock]) : f(shared[op.lock - mutexes]);
    };
    switch (op.what) {
      case verb::lock:
        with([](auto& m) { m.lock(); });
        break;
      case verb::try_lock:
        return with([](auto& m) { return m.try_lock(); });
      case verb::unlock:
        with([](auto& m) { m.unlock(); });
        break;
      case verb::lock_shared:
        shared[op.lock - mutexes].lock_shared();
        break;
      case verb::try_lock_shared:
        return shared[op.lock - mutexes].try_lock_shared();
      case verb::unlock_shared:
        shared[op.lock - mutexes].unlock_shared();
        break;
      case verb::wait:
        with([&](auto& m) { condition[op.condition].wait(m); });
        break;
      case verb::notify_one:
        condition[op.condition].notify_one();
        break;
      case verb::notify_all:
        condition[op.condition].notify_all();
        break;
      case verb::add:
        group.add();
        break;
      case verb::done:
        group.done();
        break;
      case verb::wait_group:
        group.wait();
        break;
    }
    return false;
  }
};

// What a worker that is idle may do without breaking a rule, or locking for ever: it holds locks in their
// order, and waits on a condition with the last of them. Nobody else uses the group in the same step, which
// would be misuse (WG-005).
class chooser {
 public:
  explicit chooser(std::uint64_t seed) : random_(seed) {}

  int below(int n) { return static_cast<int>(random_() % static_cast<std::uint64_t>(n)); }
  bool one_in(int n) { return below(n) == 0; }

  operation choose(const state& s, int w, bool& group_used) {
    const int last = last_held(s, w);
    if (w == master || one_in(5)) {
      if (one_in(2)) return {one_in(2) ? verb::notify_one : verb::notify_all, 0, below(conditions)};
      if (!std::exchange(group_used, true)) {
        if (w != master && one_in(2)) return {verb::wait_group};
        return {s.count == 0 || (s.count < 3 && one_in(2)) ? verb::add : verb::done};
      }
    }
    if (w == master) return {verb::notify_one, 0, below(conditions)};
    if (last >= 0 && s.at[last].owner == w && one_in(3)) return {verb::wait, last, below(conditions)};
    if (last + 1 < locks && (last < 0 || one_in(3))) {
      const int l = last + 1 + below(locks - last - 1);
      if (l >= mutexes && !one_in(3)) return {one_in(4) ? verb::try_lock_shared : verb::lock_shared, l};
      return {one_in(4) ? verb::try_lock : verb::lock, l};
    }
    return release(s, w).value_or(operation{verb::notify_one});
  }
  static std::optional<operation> release(const state& s, int w) {
    const int l = last_held(s, w);
    if (l < 0) return std::nullopt;
    return operation{s.at[l].owner == w ? verb::unlock : verb::unlock_shared, l};
  }

 private:
  static int last_held(const state& s, int w) {
    int last = -1;
    for (int l = 0; l < locks; ++l) {
      if (s.at[l].owner == w || (s.at[l].readers & only(w)) != 0) last = l;
    }
    return last;
  }
  std::mt19937_64 random_;
};

void compare_with_model(std::uint64_t seed) {
  constexpr int steps = 40;
  chooser random(seed);
  model expected;
  objects tested;
  std::vector<chan<operation>> commands;
  members busy = 0, answers = 0;
  for (int w = 0; w < master; ++w) {
    commands.emplace_back(0);
    go([&, w, mine = commands.back()] {
      for (const operation& op : mine) {
        if (tested.run(op)) answers |= only(w);
        busy &= static_cast<members>(~only(w));
      }
    });
  }
  const auto give = [&](int w, const operation& op) {
    busy |= only(w);
    answers &= static_cast<members>(~only(w));
    expected.start(w, op);
    if (w != master) return commands[w] << op, void();
    tested.run(op);
    busy &= static_cast<members>(~only(w));
  };
  const auto settle = [&](const std::string& where) {
    let_others_block();
    if (expected.settle(busy, answers)) return;
    ADD_FAILURE() << where << ": busy " << int(busy) << " answers " << int(answers) << " cannot be";
    std::_Exit((std::fflush(stdout), 1));  // workers are left in their operations
  };

  for (int step = 0; step < steps; ++step) {
    const state before = expected.any();
    bool group_used = false;
    for (int count = 1 + random.below(4), w = random.below(workers); count > 0; --count, ++w) {
      if ((before.busy & only(w % workers)) == 0)
        give(w % workers, random.choose(before, w % workers, group_used));
    }
    settle("seed " + std::to_string(seed) + " step " + std::to_string(step));
  }

  // Everybody lets go of everything, until nobody waits.
  for (bool again = true; again;) {
    const state before = expected.any();
    again = false;
    const auto tell = [&](int w, const operation& op) {
      give(w, op);
      again = true;
    };
    for (int w = 0; w < master; ++w) {
      if ((before.busy & only(w)) != 0) continue;
      if (const auto op = chooser::release(before, w)) tell(w, *op);
    }
    const auto waited_for = std::ranges::find_if(before.queue, [](const auto& q) { return !q.empty(); });
    if (waited_for != before.queue.end()) {
      tell(master, {verb::notify_all, 0, static_cast<int>(waited_for - before.queue.begin())});
    } else if (before.count > 0) {
      tell(master, {verb::done});
    }
    settle("seed " + std::to_string(seed) + ", the end");
  }
  EXPECT_EQ(busy, 0);
  for (auto& c : commands) c.close();
  let_others_block();
  EXPECT_EQ(num_goroutine(), 1);
}

TEST(locks_agree_with_the_model, over_random_operations) {
  for (std::uint64_t seed = 1; seed <= 5000; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    simulate(schedule::random(seed), [seed] { compare_with_model(seed); });
    if (HasFailure()) return;
  }
}

}  // namespace
}  // namespace snag::test
