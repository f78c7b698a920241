// SPDX-License-Identifier: Apache-2.0
// The exercise done wrong: the messages are collected in one vector instead of printed.
// Lesson: waiting orders the goroutines before main, not before each other.
// verdict: race 20/20
// race: said
#include <string>
#include <vector>

#include <snag/snag.h>

int main() {
  std::vector<std::string> said;
  said.reserve(8);
  snag::wait_group wg;
  for (int i = 1; i <= 2; ++i) {
    wg.go([&, i] { said.push_back("message " + std::to_string(i)); });  // <- 1 2
  }
  wg.wait();
  snag::println("{} messages", said.size());
}
