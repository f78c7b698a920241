// SPDX-License-Identifier: Apache-2.0
// The consistency queue waits for the quiescing of its store, where it meant to ask whether that has begun.
// shape: orphan
// dead: process, called by main
#include <snag/snag.h>

struct store {
  snag::chan<void> quiescing;
  bool should_quiesce() {
    return !quiescing.next();  // <- dead 1
  }
};

struct consistency_queue {
  store& s;
  int checked = 0;
  void process() {
    for (int range = 0; range < 3; ++range) {
      if (s.should_quiesce()) return;
      ++checked;
    }
  }
};

int main() {
  store s;
  consistency_queue q{s};
  q.process();
  snag::println("{} ranges checked", q.checked);
}
