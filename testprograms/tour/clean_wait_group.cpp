// SPDX-License-Identifier: Apache-2.0
// Five workers, and a main that waits for all of them.
// Lesson: add before the go statement, done at the end of the worker, wait once.
// verdict: clean 20/20
// stdout: Worker 5 done
// stdout: All workers completed
#include <chrono>

#include <snag/snag.h>

using namespace std::chrono_literals;

void worker(int id, snag::wait_group wg) {
  snag::defer leave([&] { wg.done(); });
  snag::println("Worker {} starting", id);
  snag::sleep_for(20ms);
  snag::println("Worker {} done", id);
}

int main() {
  snag::wait_group wg;
  for (int i = 1; i <= 5; ++i) {
    wg.add(1);
    snag::go(worker, i, wg);
  }
  wg.wait();
  snag::println("All workers completed");
}
