// SPDX-License-Identifier: Apache-2.0
// A progress figure, written by the worker and shown by main: a plain int.
// verdict: race 20/20
// race: percent
#include <atomic>
#include <thread>

int percent = 0;

int main() {
  std::thread worker([] {
    for (int i = 1; i <= 10; ++i) {
      percent = i * 10;  // <- 1
    }
  });
  int shown = percent;  // <- 2
  worker.join();
  return shown < 0 || shown > 100;
}
