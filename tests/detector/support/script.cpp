// SPDX-License-Identifier: Apache-2.0
#include "tests/detector/support/script.h"

#include <algorithm>
#include <random>
#include <sstream>

namespace snag::testing {
namespace {

constexpr const char* names[] = {"go",
                                 "end",
                                 "join",
                                 "read",
                                 "write",
                                 "load",
                                 "store",
                                 "add",
                                 "exchange_ok",
                                 "exchange_failed",
                                 "fence",
                                 "acquire",
                                 "release",
                                 "merge",
                                 "buffered_send",
                                 "buffered_receive",
                                 "rendezvous",
                                 "close",
                                 "receive_closed",
                                 "arm",
                                 "fire",
                                 "forget",
                                 "lock",
                                 "unlock",
                                 "sweep",
                                 "rush"};

class generator {
 public:
  generator(std::uint64_t seed, int length, int most_alive = 8)
      : random_(seed), length_(length), most_alive_(most_alive) {
    // Few bytes make meetings likely; different scripts meet on different sizes and alignments.
    span_ = 4 << below(4);
    if (span_ > arena_bytes) span_ = arena_bytes;
    atomics_ = below(3) == 0 ? 0 : 1 + below(5);
    ranges_ = below(3) == 0;
    kinds_of_sync_ = 1 + below(4);
  }

  script run() {
    for (int i = 0; i < 1 + below(3); ++i) add_actor(0);
    while (static_cast<int>(steps_.size()) < length_) one();
    return std::move(steps_);
  }

  script run_crowd() {
    while (static_cast<int>(steps_.size()) < length_) one_of_a_crowd();
    return std::move(steps_);
  }

 private:
  int below(int n) { return static_cast<int>(random_() % static_cast<unsigned>(n)); }
  bool chance(int percent) { return below(100) < percent; }
  int somebody() { return alive_[static_cast<std::size_t>(below(static_cast<int>(alive_.size())))]; }

  void add_actor(int parent) {
    step s{op::go};
    s.actor = parent;
    s.other = next_actor_++;
    s.size = chance(25);
    if (s.size) threads_.push_back(s.other);
    alive_.push_back(s.other);
    steps_.push_back(s);
  }

  void place(step& s) {
    static constexpr int sizes[] = {1, 2, 4, 8, 16};
    s.size = sizes[below(5)];
    if (s.size > span_) s.size = 4;
    s.offset = below(span_ / s.size) * s.size;
    if (chance(10)) {  // unaligned
      s.offset = below(span_);
      if (s.offset + s.size > span_) s.size = span_ - s.offset;
    }
    if (ranges_ && chance(30)) {
      s.offset = below(span_);
      s.size = 1 + below(span_ - s.offset);
    }
  }

  void access(int actor) {
    step s{chance(45) ? op::write : op::read};
    s.actor = actor;
    place(s);
    if (below(5) < atomics_) {
      static constexpr op kinds[] = {op::atomic_load, op::atomic_store, op::atomic_add,
                                     op::atomic_exchange_ok, op::atomic_exchange_failed};
      static constexpr int load_orders[] = {0, 1, 2, 5}, store_orders[] = {0, 3, 5};
      static constexpr int sizes[] = {1, 2, 4, 8};
      s.what = kinds[below(5)];
      s.size = sizes[below(4)];
      if (s.size > span_) s.size = 4;
      s.offset = below(span_ / s.size) * s.size;
      s.order = s.what == op::atomic_load    ? load_orders[below(4)]
                : s.what == op::atomic_store ? store_orders[below(3)]
                                             : below(6);
      s.failure_order = load_orders[below(4)];
    }
    steps_.push_back(s);
  }

  // Whoever holds a mutex gives it back, sometimes to take it again at once; nobody waits.
  void lock_or_unlock(int actor) {
    step s{op::lock};
    s.actor = actor;
    s.object = below(mutexes);
    int& holder = holders_[s.object];
    if (holder == 0) {
      holder = actor;
    } else if (holder == actor) {
      s.what = op::unlock;
      holder = 0;
    } else {
      return;
    }
    steps_.push_back(s);
    if (s.what == op::unlock && chance(50)) {
      if (chance(30)) access(actor);
      holder = actor;
      s.what = op::lock;
      steps_.push_back(s);
    }
  }

  void synchronise(int actor) {
    if (chance(40)) return lock_or_unlock(actor);
    step s{op::acquire};
    s.actor = actor;
    s.object = below(objects);
    s.part = below(3) == 0 ? below(20) : 0;
    switch (below(kinds_of_sync_)) {
      case 0:
        s.what = chance(50) ? op::acquire : op::release;
        break;
      case 1:
        s.object = below(channels);
        s.part = below(3);
        s.what = chance(45) ? op::buffered_send : op::buffered_receive;
        if (chance(25)) {
          s.what = op::rendezvous;
          s.size = below(2);
          s.other = somebody();
          if (s.other == actor) return;
        }
        break;
      case 2:
        s.object = below(channels);
        s.what = chance(15) ? op::close : chance(50) ? op::receive_closed : op::merge;
        break;
      default:
        s.what = chance(50) ? op::merge : op::acquire;
        if (atomics_) {
          s.what = op::fence;
          s.order = 1 + below(5);
        } else if (chance(30)) {
          s.what = chance(50) ? op::arm : op::fire;
          s.part = below(objects);
        }
    }
    steps_.push_back(s);
  }

  void one_of_a_crowd() {
    const int dice = below(100);
    if (alive_.empty() || (dice < 40 && alive_.size() < static_cast<std::size_t>(most_alive_)))
      return add_actor(alive_.empty() ? 0 : somebody());
    const auto i = static_cast<std::size_t>(below(static_cast<int>(alive_.size())));
    step s{op::end};
    s.actor = alive_[i];
    if (dice < 52) {
      alive_[i] = alive_.back();
      alive_.pop_back();
      steps_.push_back(s);
    } else if (dice < 53) {
      access(s.actor);
    } else if (dice < 54) {
      one();
    } else if (below(1000) == 0) {  // so that others get the ids of those that ended
      s.what = op::sweep;
      steps_.push_back(s);
    } else {
      const bool mutex = chance(50);
      s.what = mutex ? op::lock : op::acquire;
      if (mutex && holders_[s.object] != 0) return;
      for (int times = mutex ? 1 + below(3) : 1; times > 0; --times) {
        s.what = mutex ? op::lock : op::acquire;
        steps_.push_back(s);
        access(s.actor);
        s.what = mutex ? op::unlock : op::release;
        steps_.push_back(s);
      }
    }
  }

  void one() {
    const int dice = below(1000);
    if (alive_.empty() || (dice < 30 && alive_.size() < static_cast<std::size_t>(most_alive_)))
      return add_actor(alive_.empty() ? 0 : somebody());
    const int actor = somebody();
    step s{op::sweep};
    s.actor = actor;
    if (dice < 50) {
      s.what = op::end;
      std::erase(alive_, actor);
      steps_.push_back(s);
    } else if (dice < 70 && !threads_.empty()) {
      const auto i = static_cast<std::size_t>(below(static_cast<int>(threads_.size())));
      s.what = op::join;
      s.other = threads_[i];
      if (std::find(alive_.begin(), alive_.end(), s.other) != alive_.end()) return;
      threads_.erase(threads_.begin() + static_cast<long>(i));
      steps_.push_back(s);
    } else if (dice < 75) {
      s.what = op::forget;
      place(s);
      steps_.push_back(s);
    } else if (dice < 77) {
      steps_.push_back(s);
    } else if (dice < 80) {
      s.what = op::rush;
      steps_.push_back(s);
    } else if (dice < 600) {
      access(actor);
    } else {
      synchronise(actor);
    }
  }

  std::mt19937_64 random_;
  const int length_, most_alive_;
  int span_, atomics_, kinds_of_sync_;
  bool ranges_;
  int next_actor_ = 1;
  std::vector<int> alive_, threads_;
  int holders_[mutexes] = {};  // 0: nobody
  script steps_;
};

}  // namespace

bool is_access(op o) {
  switch (o) {
    case op::read:
    case op::write:
    case op::atomic_load:
    case op::atomic_store:
    case op::atomic_add:
    case op::atomic_exchange_ok:
    case op::atomic_exchange_failed:
    case op::buffered_send:
    case op::rendezvous:
    case op::close:
      return true;
    default:
      return false;
  }
}

script random_script(std::uint64_t seed, int length) { return generator(seed, length).run(); }
script crowded_script(std::uint64_t seed, int length, int alive) {
  return generator(seed, length, alive).run_crowd();
}

std::string to_string(const script& s, std::size_t from) {
  std::ostringstream out;
  for (std::size_t i = from; i < s.size(); ++i) {
    const step& e = s[i];
    out << "  " << i << ": actor " << e.actor << ' ' << names[static_cast<int>(e.what)];
    if (e.what == op::go || e.what == op::join || e.what == op::rendezvous) out << " actor " << e.other;
    if (e.size) out << " [" << e.offset << '+' << e.size << ']';
    out << " object " << e.object << '.' << e.part << " order " << e.order << '/' << e.failure_order << '\n';
  }
  return out.str();
}

}  // namespace snag::testing
