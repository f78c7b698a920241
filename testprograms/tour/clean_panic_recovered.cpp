// SPDX-License-Identifier: Apache-2.0
// Each worker recovers from its own panic; the others and main go on.
// Lesson: recovery has to happen in the goroutine that panics.
// verdict: clean 20/20
// stdout: worker 1 recovered: unlucky number
// stdout: worker 2 done
// stdout: main goes on
#include <snag/snag.h>

int main() {
  snag::wait_group wg;
  for (int id = 0; id < 3; ++id) {
    wg.go([=] {
      try {
        if (id == 1) snag::panic("unlucky number");
        snag::println("worker {} done", id);
      } catch (const snag::panic_error& e) {
        snag::println("worker {} recovered: {}", id, e.what());
      }
    });
  }
  wg.wait();
  snag::println("main goes on");
}
