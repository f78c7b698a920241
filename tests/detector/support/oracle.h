// SPDX-License-Identifier: Apache-2.0
#pragma once
// The naive detector: keeps every access of every byte with the full vector clock of its actor, and compares
// each new access with all of them. Obviously right, hopelessly slow; the real one must agree with it access
// by access. Shares no code with the detector. The rules are written out again from their sources: the Go
// memory model, and C++20 [intro.races], [atomics.order], [atomics.fences].
#include <map>
#include <set>
#include <vector>

#include "tests/detector/support/script.h"

namespace snag::testing {

class oracle {
 public:
  // What step number `index` races with; empty for steps that access nothing.
  std::vector<hit> play(const step&, int index);

  // For accesses that a filter answers: the step's access belongs to the same actor and release-free span as
  // an earlier, at least as strong access of the byte by step `earlier`.
  struct same_span {
    int actor;
    int span;
  };
  // Nor does a span end where a mutex is given up to be taken again by the same actor, before anybody else
  // took it and before the actor released anything else: nobody can have learned of the one part without the
  // other.
  same_span span_of(int index) const;

 private:
  using full_clock = std::vector<int>;  // by actor: releases made; 0, or beyond the end: nothing is known
  struct past_access {
    int actor, time, index;
    bool writes, atomic;
  };
  struct mutex {
    full_clock clock;
    int by = -1, time = 0;  // who gave it up last, when; -1: somebody has taken it since
  };
  struct atomic_object {
    full_clock sequence;  // what an acquire of the present value learns
  };

  static int known(const full_clock&, int actor);
  static void set(full_clock&, int actor, int time);
  static void join(full_clock& into, const full_clock& from);
  full_clock publish(int actor);  // the clock, then a new span begins
  void access(int actor, int offset, int size, bool writes, bool atomic, int index, std::vector<hit>& hits);
  void load(int actor, int offset, int order);
  void modify(int actor, int offset, int order, bool keeps_sequence);

  std::map<int, full_clock> clocks_, final_;
  std::map<int, full_clock> released_by_fence_, pending_for_fence_;
  std::map<std::pair<int, int>, full_clock> objects_, slots_;
  std::map<int, full_clock> closes_, timers_;
  std::map<int, atomic_object> atomics_;
  std::map<int, mutex> mutexes_;
  std::set<std::pair<int, int>> resumed_;            // actor, time: goes on with the span before
  std::map<int, std::vector<past_access>> history_;  // by byte
  std::map<int, same_span> spans_;
};

}  // namespace snag::testing
