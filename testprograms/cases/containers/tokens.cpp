// SPDX-License-Identifier: Apache-2.0
// C strings taken apart: strspn and its kin, strtok, which keeps its place for everybody, and strtok_r and
// strsep, which do not.
#include <cstring>

#include "sides.h"

namespace {

int count_tokens(char* text) {
  char* place = nullptr;
  int n = 0;
  for (char* token = strtok_r(text, ", ", &place); token != nullptr; token = strtok_r(nullptr, ", ", &place))
    ++n;
  return n;
}

}  // namespace

RACE(strtok_by_two_on_texts_of_their_own, "C17 7.24.5.8: it need not avoid data races") {
  char one[] = "a,b", other[] = "c,d";
  one_after_the_other([&] { keep(std::strtok(one, ",")); },     // <- 1
                      [&] { keep(std::strtok(other, ",")); });  // <- 2
}

NO_RACE(strtok_by_two_locked) {
  char one[] = "a,b", other[] = "c,d";
  under_one_mutex([&] { keep(std::strtok(one, ",")); }, [&] { keep(std::strtok(other, ",")); });
}

NO_RACE(strtok_r_by_two_on_texts_of_their_own) {
  char one[] = " a, b", other[] = "c,d,,e ";
  side_by_side([&] { keep(count_tokens(one)); }, [&] { keep(count_tokens(other)); });
}

RACE(strtok_r_and_a_later_character) {
  char text[] = "abc,def";
  side_by_side(
      [&] {
        char* place = nullptr;
        strtok_r(text, ",", &place);  // <- 1
      },
      [&] { text[3] = ';'; });  // <- 2
}

NO_RACE(strtok_r_and_a_character_behind_the_token) {
  char text[] = "abc,def";
  side_by_side(
      [&] {
        char* place = nullptr;
        strtok_r(text, ",", &place);
      },
      [&] { text[5] = 'x'; });
}

RACE(strtok_r_by_two_with_one_place) {
  char text[] = "a,b,c,d";
  char* place = nullptr;
  strtok_r(text, ",", &place);
  one_after_the_other([&] { strtok_r(nullptr, ",", &place); },   // <- 1
                      [&] { strtok_r(nullptr, ",", &place); });  // <- 2
}

RACE(strsep_and_its_delimiter_read) {
  char text[] = "abc,def";
  side_by_side(
      [&] {
        char* rest = text;
        keep(strsep(&rest, ","));  // <- 1
      },
      [&] { keep(text[3]); });  // <- 2
}

RACE(strspn_and_a_character) {
  char text[] = "aaab";
  side_by_side([&] { keep(std::strspn(text, "a")); },  // <- 1
               [&] { text[2] = 'a'; });                // <- 2
}

RACE(strcspn_and_the_rejected) {
  char rejected[] = "xyz";
  side_by_side([&] { keep(std::strcspn("aaab", rejected)); },  // <- 1
               [&] { rejected[1] = 'w'; });                    // <- 2
}

RACE(strpbrk_and_a_character) {
  char text[] = "aaab";
  side_by_side([&] { keep(std::strpbrk(text, "b")); },  // <- 1
               [&] { text[2] = 'c'; });                 // <- 2
}

NO_RACE(strpbrk_and_a_character_behind_the_found_one) {
  char text[] = "aabaa";
  side_by_side([&] { keep(std::strpbrk(text, "b")); }, [&] { text[3] = 'c'; });
}
