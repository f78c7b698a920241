// SPDX-License-Identifier: Apache-2.0
// Exercise: several goroutines, each printing a message of its own, all of them before the program ends.
// Lesson: one add() for all of them before the loop is enough.
// verdict: clean 20/20
// stdout: Hello from goroutine 1
// stdout: Hello from goroutine 5
// stdout: All goroutines have completed
#include <string>
#include <vector>

#include <snag/snag.h>

void print_message(const std::string& message, snag::wait_group wg) {
  snag::defer leave([&] { wg.done(); });
  snag::println("{}", message);
}

int main() {
  std::vector<std::string> messages;
  for (int i = 1; i <= 5; ++i) messages.push_back("Hello from goroutine " + std::to_string(i));
  snag::wait_group wg;
  wg.add(static_cast<int>(messages.size()));
  for (const auto& message : messages) snag::go(print_message, message, wg);
  wg.wait();
  snag::println("All goroutines have completed");
}
