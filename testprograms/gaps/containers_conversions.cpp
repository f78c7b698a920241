// SPDX-License-Identifier: Apache-2.0
// Numbers to text and back.
#include <charconv>
#include <cstdio>

#include "../cases/containers/sides.h"

RACE(to_chars_of_a_fraction_and_read) {
  char text[20] = {};
  side_by_side([&] { std::to_chars(text, text + 20, 123.45); },  // <- 1
               [&] { keep(text[2]); });                          // <- 2
}

RACE(sscanf_and_text_write) {
  char text[] = "12345";
  int number = 0;
  side_by_side([&] { keep(std::sscanf(text, "%d", &number)); },  // <- 1
               [&] { text[0] = '2'; });                          // <- 2
}

RACE(sscanf_and_number_read) {
  const char text[] = "12345";
  int number = 0;
  side_by_side([&] { keep(std::sscanf(text, "%d", &number)); },  // <- 1
               [&] { keep(number); });                           // <- 2
}
