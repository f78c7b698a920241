// SPDX-License-Identifier: Apache-2.0
// Closures that capture the loop variable by reference see whatever the loop has made of it by then.
// Lesson: in C++ `[&]` shares the variable; five goroutines may all see the fifth file, and reading it races
// with ++.
// verdict: race 20/20
// race: file
#include <array>

#include <snag/snag.h>

int main() {
  const std::array names = {"one.txt", "two.txt", "three.txt", "four.txt", "five.txt"};
  snag::wait_group wg;
  std::size_t file = 0;
  for (file = 0; file < names.size(); ++file) {                                   // <- 1
    wg.go([&] { snag::println("compressing {}", names[file % names.size()]); });  // <- 2
  }
  wg.wait();
}
