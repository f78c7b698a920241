// SPDX-License-Identifier: Apache-2.0
// What println and panic print is read at the call: values, and the characters of text.
#include <snag/snag.h>

#include <mutex>
#include <string>
#include <string_view>

#include "../case.h"

namespace {

std::string long_text() { return std::string(100, 'a'); }

template <class One, class Other>
void side_by_side(One one, Other other) {
  snag::wait_group both;
  both.go([&] { one(); });
  both.go([&] { other(); });
  both.wait();
}

}  // namespace

RACE(println_and_a_character) {
  std::string text = long_text();
  side_by_side([&] { snag::println("{}", text); },  // <- 1
               [&] { text[50] = 'b'; });            // <- 2
}

RACE(println_of_a_view_and_a_character) {
  std::string text = long_text();
  const std::string_view view = text;
  side_by_side([&] { snag::println("{}", view); },  // <- 1
               [&] { text[50] = 'b'; });            // <- 2
}

NO_RACE(println_and_a_character_locked) {
  std::string text = long_text();
  snag::mutex mutex;
  side_by_side(
      [&] {
        const std::lock_guard lock(mutex);
        snag::println("{}", text);
      },
      [&] {
        const std::lock_guard lock(mutex);
        text[50] = 'b';
      });
}

RACE(println_and_a_number) {
  int number = 0;
  side_by_side([&] { snag::println("{}", number); },  // <- 1
               [&] { number = 1; });                  // <- 2
}

NO_RACE(println_by_two) {
  const std::string text = long_text();
  const int number = 1;
  side_by_side([&] { snag::println("{} {}", text, number); }, [&] { snag::println("{} {}", text, number); });
}

NO_RACE(println_of_the_part_that_nobody_writes) {
  std::string text = long_text();
  side_by_side([&] { snag::println("{}", std::string_view(text).substr(0, 50)); }, [&] { text[50] = 'b'; });
}

RACE(panic_and_a_character) {
  std::string text = long_text();
  side_by_side(
      [&] {
        try {
          snag::panic("bad: {}", text);  // <- 1
        } catch (const snag::panic_error&) {
        }
      },
      [&] { text[50] = 'b'; });  // <- 2
}
