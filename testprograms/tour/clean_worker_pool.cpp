// SPDX-License-Identifier: Apache-2.0
// Three workers take ten tasks from a buffered queue until it is closed.
// Lesson: the number of workers bounds the concurrency; closing the queue sends everybody home.
// verdict: clean 20/20
// stdout: Worker [123] processing task 10
// stdout: Worker [123] encountered error: task 7 failed
// stdout: Worker 3 exiting
// stdout: All workers have completed their tasks
#include <chrono>
#include <functional>
#include <optional>
#include <string>

#include <snag/snag.h>

using namespace std::chrono_literals;

struct task {
  int id = 0;
  std::function<std::optional<std::string>()> job;  // gives the error, if any
};

int main() {
  snag::chan<task> queue(100);
  snag::wait_group wg;
  for (int worker = 1; worker <= 3; ++worker) {
    wg.go([=] {
      for (task& t : queue) {
        snag::println("Worker {} processing task {}", worker, t.id);
        if (auto error = t.job()) snag::println("Worker {} encountered error: {}", worker, *error);
      }
      snag::println("Worker {} exiting", worker);
    });
  }
  for (int i = 1; i <= 10; ++i) {
    queue << task{i, [i]() -> std::optional<std::string> {
                    snag::sleep_for(5ms);
                    if (i == 7) return "task 7 failed";
                    return std::nullopt;
                  }};
  }
  queue.close();
  wg.wait();
  snag::println("All workers have completed their tasks");
}
