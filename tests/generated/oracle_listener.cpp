// SPDX-License-Identifier: Apache-2.0
#include "tests/generated/oracle_listener.h"

namespace snag::generated {

using testing::op;
using testing::step;

void oracle_listener::play(step s) {
  for (const testing::hit& h : oracle_.play(s, steps_)) racy_.insert(h.offset);
  ++steps_;
}

void oracle_listener::created(int child, int parent, bool joinable) {
  play({.what = op::go, .actor = parent, .other = child, .size = joinable});
}
void oracle_listener::ended(int thread) { play({.what = op::end, .actor = thread}); }
void oracle_listener::joined(int thread, int ended) {
  play({.what = op::join, .actor = thread, .other = ended});
}
void oracle_listener::acquired(int thread, int object) {
  play({.what = op::acquire, .actor = thread, .object = object});
}
void oracle_listener::released(int thread, int object) {
  play({.what = op::release, .actor = thread, .object = object});
}
void oracle_listener::released_merging(int thread, int object) {
  play({.what = op::merge, .actor = thread, .object = object});
}

}  // namespace snag::generated
