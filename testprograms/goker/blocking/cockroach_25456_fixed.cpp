// SPDX-License-Identifier: Apache-2.0
// The queue asks, and goes on.
// verdict: clean 20/20
#include <snag/snag.h>

struct store {
  snag::chan<void> quiescing;
  bool should_quiesce() { return snag::select(snag::on_recv(quiescing), snag::on_default()) == 0; }
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
