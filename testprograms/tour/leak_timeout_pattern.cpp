// SPDX-License-Identifier: Apache-2.0
// Exercise: a task with a timeout. When the timeout wins, the task's goroutine waits for ever in its send.
// Lesson: the pattern leaks one goroutine for each timeout as long as the result channel has no buffer.
// verdict: leak 20/20
// stdout: Attempt 5: (Task completed in|task timed out after) \d+ ms
#include <chrono>
#include <random>
#include <string>

#include <snag/snag.h>

using namespace std::chrono_literals;

std::string perform_task(std::chrono::milliseconds timeout, unsigned seed) {
  snag::chan<std::string> result;
  snag::go([=] {
    std::minstd_rand random(seed);
    auto work = static_cast<int>(random() / 1000 % 20) * 1ms;
    snag::sleep_for(work);
    result << "Task completed in " + std::to_string(work.count()) + " ms";
  });
  std::string text;
  snag::select(snag::on_recv(result, [&](std::string r) { text = std::move(r); }),
               snag::on_timeout(timeout, [&] {
                 text = "task timed out after " + std::to_string(timeout.count()) + " ms";
               }));
  return text;
}

int main() {
  for (unsigned i = 1; i <= 5; ++i) snag::println("Attempt {}: {}", i, perform_task(10ms, i * 12345));
  snag::sleep_for(50ms);
}
