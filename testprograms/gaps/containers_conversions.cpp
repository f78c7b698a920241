// SPDX-License-Identifier: Apache-2.0
// Numbers to text and back: <charconv> and what is older. And <chrono>, whose values are numbers.
#include <charconv>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string>

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

RACE(strftime_and_read) {
  char text[20] = {};
  std::tm day = {};
  side_by_side([&] { keep(std::strftime(text, sizeof text, "%Y-%m-%d", &day)); },  // <- 1
               [&] { keep(text[2]); });                                            // <- 2
}

RACE(mktime_and_read) {
  std::tm day = {};
  day.tm_mday = 1;
  side_by_side([&] { keep(std::mktime(&day)); },  // <- 1
               [&] { keep(day.tm_wday); });       // <- 2
}

RACE(gmtime_by_two, "both get the same object") {
  const std::time_t now = 0, later = 1000000;
  one_after_the_other([&] { keep(std::gmtime(&now)->tm_year); },     // <- 1
                      [&] { keep(std::gmtime(&later)->tm_year); });  // <- 2
}
