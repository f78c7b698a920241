// SPDX-License-Identifier: Apache-2.0
// The timeout pattern that does not leak: the result channel has room for the late answer.
// Lesson: one element of buffer lets the task finish whether anybody still listens or not.
// verdict: clean 20/20
// stdout: Attempt 1: task timed out after 10 ms
// stdout: Attempt 2: Task completed in 4 ms
// stdout: goroutines at the end: 1
#include <chrono>
#include <string>

#include <snag/snag.h>

using namespace std::chrono_literals;

std::string perform_task(std::chrono::milliseconds timeout, std::chrono::milliseconds work) {
  snag::chan<std::string> result(1);
  snag::go([=] {
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
  snag::println("Attempt 1: {}", perform_task(10ms, 30ms));
  snag::println("Attempt 2: {}", perform_task(10ms, 4ms));
  snag::sleep_for(100ms);
  snag::println("goroutines at the end: {}", snag::num_goroutine());
}
