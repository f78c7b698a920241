// SPDX-License-Identifier: Apache-2.0
// A background worker that ends when its quit channel is closed, however many of them there are.
// Lesson: closing is a broadcast: every receiver hears it.
// verdict: clean 20/20
// stdout: worker 3 cleaned up
// stdout: all gone
#include <snag/snag.h>

int main() {
  snag::chan<void> quit;
  snag::chan<int> jobs;
  snag::wait_group wg;
  for (int id = 1; id <= 3; ++id) {
    wg.go([=] {
      for (bool over = false; !over;) {
        snag::select(snag::on_recv(jobs, [&](int j) { snag::println("worker {} does job {}", id, j); }),
                     snag::on_recv(quit, [&] { over = true; }));
      }
      snag::println("worker {} cleaned up", id);
    });
  }
  for (int j = 0; j < 4; ++j) jobs << j;
  quit.close();
  wg.wait();
  snag::println("all gone");
}
