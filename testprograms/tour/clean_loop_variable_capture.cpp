// SPDX-License-Identifier: Apache-2.0
// The other cure: capture the loop variable by value.
// Lesson: `[=]` copies the value and the handles when the closure is made, before the go statement.
// verdict: clean 20/20
// stdout: compressing three.txt
#include <array>

#include <snag/snag.h>

int main() {
  const std::array names = {"one.txt", "two.txt", "three.txt", "four.txt", "five.txt"};
  snag::wait_group wg;
  for (const char* name : names) wg.go([=] { snag::println("compressing {}", name); });
  wg.wait();
}
