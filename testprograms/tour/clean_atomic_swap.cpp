// SPDX-License-Identifier: Apache-2.0
// Atomic exchange: whoever swaps the token out has it alone.
// Lesson: exchange takes and replaces in one step; exactly one of ten goroutines gets the 1.
// verdict: clean 20/20
// stdout: ^winners: 1\n$
#include <atomic>

#include <snag/snag.h>

int main() {
  std::atomic<int> token = 1;
  std::atomic<int> winners = 0;
  snag::wait_group wg;
  for (int i = 0; i < 10; ++i) {
    wg.go([&] {
      if (token.exchange(0) == 1) winners.fetch_add(1);
    });
  }
  wg.wait();
  snag::println("winners: {}", winners.load());
}
