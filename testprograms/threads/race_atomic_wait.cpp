// SPDX-License-Identifier: Apache-2.0
// A relaxed wait wakes up and orders nothing.
// verdict: race 20/20
// race: answer
#include <atomic>
#include <thread>

std::atomic<int> stage = 0;
int answer = 0;

int main() {
  std::thread thinker([] {
    answer = 42;  // <- 1
    stage.store(1, std::memory_order_release);
    stage.notify_one();
  });
  stage.wait(0, std::memory_order_relaxed);
  int seen = answer;  // <- 2
  thinker.join();
  return seen == 7;
}
