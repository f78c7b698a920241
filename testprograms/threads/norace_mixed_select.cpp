// SPDX-License-Identifier: Apache-2.0
// A thread selects over two channels; the reason was written before the channel was closed.
// verdict: clean 20/20
#include <thread>

#include <snag/snag.h>

int reason = 0;

int main() {
  snag::chan<int> jobs;
  snag::chan<void> quit;
  int seen = 0;
  std::thread worker([&seen, jobs, quit] {
    int sum = 0;
    for (bool running = true; running;)
      snag::select(snag::on_recv(jobs, [&](int job) { sum += job; }),
                   snag::on_next(quit, [&](bool) { running = false; }));
    seen = reason + sum;
  });
  for (int i = 1; i <= 3; ++i) jobs << i;
  reason = 10;
  quit.close();
  worker.join();
  return seen != 16;
}
