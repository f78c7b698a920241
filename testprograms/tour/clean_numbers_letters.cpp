// SPDX-License-Identifier: Apache-2.0
// Numbers every 10 ms and letters every 15 ms: two independent rhythms, one program.
// Lesson: on the virtual clock of a seeded run the order of the wake-ups is exact, however slow the machine
// is.
// verdict: clean 20/20
// stdout: ^1\na\n2\n(3\nb|b\n3)\n4\nc\n5\nd\ne\nDone!\n$
#include <chrono>

#include <snag/snag.h>

using namespace std::chrono_literals;

void print_numbers() {
  for (int i = 1; i <= 5; ++i) {
    snag::sleep_for(10ms);
    snag::println("{}", i);
  }
}

void print_letters() {
  for (char c = 'a'; c <= 'e'; ++c) {
    snag::sleep_for(15ms);
    snag::println("{}", c);
  }
}

int main() {
  snag::go(print_numbers);
  snag::go(print_letters);
  snag::sleep_for(200ms);
  snag::println("Done!");
}
