// SPDX-License-Identifier: Apache-2.0
// wait with acquire order sees the store that the notification tells of.
// verdict: clean 20/20
#include <atomic>
#include <thread>

std::atomic<int> stage = 0;
int answer = 0;

int main() {
  std::thread thinker([] {
    answer = 42;
    stage.store(1, std::memory_order_release);
    stage.notify_one();
  });
  stage.wait(0, std::memory_order_acquire);
  int seen = answer;
  thinker.join();
  return seen != 42;
}
