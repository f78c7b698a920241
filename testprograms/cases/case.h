// SPDX-License-Identifier: Apache-2.0
#pragma once
// A file of small cases, each a function with a verdict. One process runs one case, named on its command
// line:
//
//   RACE(two_writers, "why, or where it is written") { … }
//   NO_RACE(ordered_by_a_channel) { … }
//   NO_LEAK(served_in_the_end) { … }                    nothing is reported at all
//   LEAK(nobody_left, "orphan: receiver holder") { … }  the shape of one finding, and who waits for ever in
//   all
//                                                       of them, by the names that go() was given
//
// `--list` prints a line for each: the verdict, the name, and why. A case must reach both accesses under
// every schedule. If one side of its race can be named, its line ends in `// <- 1` and the other's in `// <-
// 2`.
#include <cstdio>
#include <cstring>

namespace cases {

struct test_case {
  const char* verdict;
  const char* name;
  const char* why;
  void (*body)();
  const test_case* next;
};

inline const test_case* all = nullptr;

struct registered : test_case {
  registered(const char* verdict, const char* name, void (*body)(), const char* why = "")
      : test_case{verdict, name, why, body, all} {
    all = this;
  }
};

}  // namespace cases

#define SNAG_CASE(verdict, name, ...)                                                                 \
  static void name();                                                                                 \
  static const cases::registered name##_registered(verdict, #name, &name __VA_OPT__(, ) __VA_ARGS__); \
  static void name()
#define RACE(name, ...) SNAG_CASE("race", name __VA_OPT__(, ) __VA_ARGS__)
#define NO_RACE(name, ...) SNAG_CASE("no race", name __VA_OPT__(, ) __VA_ARGS__)
#define LEAK(name, shape_and_names) SNAG_CASE("leak", name, shape_and_names)
#define NO_LEAK(name, ...) SNAG_CASE("no leak", name __VA_OPT__(, ) __VA_ARGS__)

int main(int argc, char** argv) {
  const bool list = argc == 2 && std::strcmp(argv[1], "--list") == 0;
  for (const cases::test_case* c = cases::all; c != nullptr; c = c->next) {
    if (list) {
      std::printf("%s\t%s\t%s\n", c->verdict, c->name, c->why);
    } else if (argc == 2 && std::strcmp(argv[1], c->name) == 0) {
      c->body();
      return 0;
    }
  }
  if (list) return 0;
  std::fprintf(stderr, "usage: %s CASE, or --list\n", argv[0]);
  return 64;
}
