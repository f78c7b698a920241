// SPDX-License-Identifier: Apache-2.0
// Whoever stops reading says so.
// verdict: clean 20/20
#include <memory>

#include <snag/snag.h>

struct transfer {
  snag::chan<int> progress;
  snag::chan<void> running;
  snag::chan<void> unwatched;
  bool released = false;

  void run() {
    for (int i = 1; i <= 5; ++i) {
      if (snag::select(snag::on_send(progress, i), snag::on_recv(unwatched)) == 1) break;
    }
    running.close();
  }
  void release() {
    running.recv();
    released = true;
  }
};

int main() {
  auto t = std::make_shared<transfer>();
  snag::go(&transfer::run, t);
  snag::go(&transfer::release, t);
  for (int seen : t->progress) {
    if (seen == 2) break;  // not what was expected
  }
  t->unwatched.close();
  for (int i = 0; i < 100; ++i) snag::yield();  // main has other things to do
}
