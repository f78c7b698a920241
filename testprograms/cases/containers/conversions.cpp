// SPDX-License-Identifier: Apache-2.0
// Numbers to text and back: <charconv> and what is older. And <chrono>, whose values are numbers.
#include <charconv>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string>

#include "sides.h"

RACE(to_chars_and_read) {
  char text[20] = {};
  side_by_side([&] { std::to_chars(text, text + 20, 12345); },  // <- 1
               [&] { keep(text[2]); });                         // <- 2
}

NO_RACE(to_chars_and_read_locked) {
  char text[20] = {};
  under_one_mutex([&] { std::to_chars(text, text + 20, 12345); }, [&] { keep(text[2]); });
}

NO_RACE(to_chars_and_read_handed_over) {
  char text[20] = {};
  handed_over([&] { std::to_chars(text, text + 20, 12345.5); }, [&] { keep(text[2]); });
}

NO_RACE(to_chars_apart) {
  char text[20] = {};
  side_by_side([&] { std::to_chars(text, text + 10, 12345); },
               [&] { std::to_chars(text + 10, text + 20, 2.5); });
}

RACE(from_chars_and_text_write) {
  char text[] = "12345";
  side_by_side(
      [&] {
        int number = 0;
        std::from_chars(text, text + 5, number);  // <- 1
        keep(number);
      },
      [&] { text[2] = '7'; });  // <- 2
}

RACE(from_chars_and_number_read) {
  const char text[] = "12345";
  int number = 0;
  side_by_side([&] { std::from_chars(text, text + 5, number); },  // <- 1
               [&] { keep(number); });                            // <- 2
}

RACE(to_string_of_a_changing_number) {
  int number = 0;
  side_by_side([&] { keep(std::to_string(number)); },  // <- 1
               [&] { number = 7; });                   // <- 2
}

RACE(snprintf_and_read) {
  char text[20] = {};
  side_by_side([&] { std::snprintf(text, sizeof text, "%d", 12345); },  // <- 1
               [&] { keep(text[2]); });                                 // <- 2
}

RACE(time_point_assigned_and_read) {
  std::chrono::steady_clock::time_point last;
  side_by_side([&] { last = std::chrono::steady_clock::now(); },  // <- 1
               [&] { keep(last.time_since_epoch().count()); });   // <- 2
}

NO_RACE(clocks_read_by_two) {
  const auto look = [] {
    keep(std::chrono::steady_clock::now());
    keep(std::chrono::system_clock::now());
    keep(std::chrono::system_clock::to_time_t(std::chrono::system_clock::now()));
  };
  side_by_side(look, look);
}

RACE(duration_added_and_read) {
  std::chrono::milliseconds total{0};
  side_by_side([&] { total += std::chrono::seconds(1); },  // <- 1
               [&] { keep(total.count()); });              // <- 2
}

NO_RACE(duration_in_an_atomic) {
  std::atomic<std::chrono::milliseconds> total{};
  side_by_side([&] { total = std::chrono::seconds(1); }, [&] { keep(total.load().count()); });
}

RACE(calendar_day_changed_and_read) {
  std::chrono::year_month_day day{std::chrono::year(2026), std::chrono::January, std::chrono::day(1)};
  side_by_side([&] { day += std::chrono::months(1); },              // <- 1
               [&] { keep(static_cast<unsigned>(day.month())); });  // <- 2
}

NO_RACE(gmtime_each) {
  const auto look = [] {
    const std::time_t now = 0;
    std::tm day;
    keep(gmtime_r(&now, &day)->tm_year);
  };
  side_by_side(look, look);
}

RACE(atoi_and_text_write) {
  char text[] = "12345";
  side_by_side([&] { keep(std::atoi(text)); },  // <- 1
               [&] { text[0] = '2'; });         // <- 2
}

RACE(strtod_and_text_write) {
  char text[] = "12.25";
  side_by_side([&] { keep(std::strtod(text, nullptr)); },  // <- 1
               [&] { text[0] = '2'; });                    // <- 2
}

RACE(strtol_and_end_read) {
  const char text[] = "12 25";
  char* end = nullptr;
  side_by_side([&] { keep(std::strtol(text, &end, 10)); },  // <- 1
               [&] { keep(end); });                         // <- 2
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

NO_RACE(strftime_and_other_member, "%H reads the hour alone") {
  std::tm day = {};
  side_by_side(
      [&] {
        char text[20];
        keep(std::strftime(text, sizeof text, "%H", &day));
      },
      [&] { day.tm_year = 1; });
}

NO_RACE(localtime_r_by_two) {
  const auto look = [] {
    const std::time_t now = 0;
    std::tm day;
    keep(localtime_r(&now, &day)->tm_year);
  };
  side_by_side(look, look);
}

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

NO_RACE(sscanf_and_a_character_behind_the_number) {
  char text[] = "12345 6";
  int number = 0;
  side_by_side([&] { keep(std::sscanf(text, "%d", &number)); }, [&] { text[6] = '7'; });
}

NO_RACE(sscanf_and_the_number_that_did_not_match) {
  const char text[] = "12345 x";
  int one = 0, other = 0;
  side_by_side([&] { keep(std::sscanf(text, "%d %d", &one, &other)); }, [&] { keep(other); });
}

RACE(sscanf_and_the_last_character_of_a_word) {
  char text[] = "set 15 apples";
  char word[10] = {};
  int number = 0;
  side_by_side([&] { keep(std::sscanf(text, "set %d %9s", &number, word)); },  // <- 1
               [&] { keep(word[5]); });                                        // <- 2
}

NO_RACE(sscanf_handed_over) {
  const char text[] = "a=1, b=2.5 c";
  int one = 0, n = 0;
  double other = 0;
  char last = 0;
  handed_over([&] { keep(std::sscanf(text, "%*[a-z]=%d%n, b=%lf %c", &one, &n, &other, &last)); },
              [&] { keep(one + n + static_cast<int>(other) + last); });
}

RACE(sscanf_and_the_count_of_characters) {
  const char text[] = "12 13";
  int one = 0, n = 0, other = 0;
  side_by_side([&] { keep(std::sscanf(text, "%d%n%d", &one, &n, &other)); },  // <- 1
               [&] { keep(n); });                                             // <- 2
}

#ifdef __cpp_lib_to_chars
RACE(from_chars_of_a_fraction_and_number_read) {
  const char text[] = "12.5";
  double number = 0;
  side_by_side([&] { std::from_chars(text, text + 4, number); },  // <- 1
               [&] { keep(number); });                            // <- 2
}

RACE(from_chars_of_a_fraction_and_text_write) {
  char text[] = "12.5";
  side_by_side(
      [&] {
        float number = 0;
        std::from_chars(text, text + 4, number);  // <- 1
        keep(number);
      },
      [&] { text[3] = '7'; });  // <- 2
}
#endif
