// SPDX-License-Identifier: Apache-2.0
// Mistake 4, copying a wait group, is cured by design: a wait_group is a handle, and a copy is the same
// group. Lesson: pass it by value; in Go this program would wait for ever.
// verdict: clean 20/20
// stdout: 3 workers were waited for
#include <atomic>

#include <snag/snag.h>

void worker(snag::wait_group wg, std::atomic<int>& finished) {
  finished.fetch_add(1);
  wg.done();
}

int main() {
  std::atomic<int> finished = 0;
  snag::wait_group wg;
  for (int i = 0; i < 3; ++i) {
    snag::wait_group copy = wg;
    copy.add(1);
    snag::go([copy, &finished] { worker(copy, finished); });
  }
  wg.wait();
  snag::println("{} workers were waited for", finished.load());
}
