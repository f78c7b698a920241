// SPDX-License-Identifier: Apache-2.0
// One fills the optional, the other looks whether it is there.
// verdict: race 20/20
// race: answer
#include <optional>

#include <snag/snag.h>

int main() {
  std::optional<int> answer;
  snag::wait_group wg;
  wg.go([&] { answer = 42; });      // <- 1
  bool there = answer.has_value();  // <- 2
  wg.wait();
  return there && !answer;
}
