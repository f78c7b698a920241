// SPDX-License-Identifier: Apache-2.0
// Deep work on a goroutine's default stack: std::regex, which recurses for every character, and 1,000 frames.
// Lesson: code written for a thread's stack needs no change; what needs more than that asks for it.
// verdict: clean 20/20
// stdout: the regex matches 10001 characters: true
// stdout: 1000 frames of 4 KiB: 500500
// stdout: 70000 frames of 1 KiB: 2450035000
#include <regex>
#include <string>

#include <snag/snag.h>

template <int Bytes>
long add_down(int n) {
  constexpr int size = Bytes / sizeof(int);
  volatile int frame[size];  // an optimiser shrinks an array whose places it knows
  frame[n % size] = n;
  const long rest = n == 0 ? 0 : add_down<Bytes>(n - 1);
  return rest + frame[n % size];  // after the call, or it would become a loop
}

int main() {
  snag::wait_group wg;
  wg.go([] {
    std::string text(10'000, 'a');
    for (std::size_t i = 0; i < text.size(); i += 3) text[i] = 'b';
    text += 'c';
    const bool matches = std::regex_match(text, std::regex("(a|b)*c?"));
    snag::println("the regex matches {} characters: {}", text.size(), matches);
  });
  wg.go([] { snag::println("1000 frames of 4 KiB: {}", add_down<4096>(1'000)); });
  wg.add();
  snag::go({.name = "deep", .stack_size = 128 << 20}, [=] {
    snag::println("70000 frames of 1 KiB: {}", add_down<1024>(70'000));
    wg.done();
  });
  wg.wait();
}
