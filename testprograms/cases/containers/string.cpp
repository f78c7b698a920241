// SPDX-License-Identifier: Apache-2.0
// std::string: short ones inside the object, long ones on the heap; and what looks at characters from
// outside, such as std::string_view, std::hash and std::stoi.
#include <algorithm>
#include <cstdlib>
#include <cwchar>
#include <functional>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>

#include "sides.h"

namespace {

const char* const long_text = "a text that is too long for the place inside the string object";

}  // namespace

RACE(short_append_and_size) {
  std::string text = "a";
  one_after_the_other([&] { text += 'b'; },         // <- 1
                      [&] { keep(text.size()); });  // <- 2
}

NO_RACE(short_append_and_size_locked) {
  std::string text = "a";
  under_one_mutex([&] { text += 'b'; }, [&] { keep(text.size()); });
}

NO_RACE(short_append_and_size_handed_over) {
  std::string text = "a";
  handed_over([&] { text += 'b'; }, [&] { keep(text.size()); });
}

RACE(short_append_and_append) {
  std::string text = "a";
  one_after_the_other([&] { text += "bc"; },   // <- 1
                      [&] { text += "de"; });  // <- 2
}

RACE(short_push_back_and_character_read) {
  std::string text = "a";
  one_after_the_other([&] { text.push_back('b'); },  // <- 1
                      [&] { keep(text[1]); });       // <- 2
}

RACE(from_short_to_long_and_character_read) {
  std::string text = "a";
  one_after_the_other([&] { text += long_text; },  // <- 1
                      [&] { keep(text[0]); });     // <- 2
}

RACE(long_append_and_character_read) {
  std::string text = long_text;
  one_after_the_other([&] { text.append(long_text); },  // <- 1
                      [&] { keep(text[3]); });          // <- 2
}

RACE(character_read_and_long_append, "the old characters are given back") {
  std::string text = long_text;
  one_after_the_other([&] { keep(text[3]); },            // <- 1
                      [&] { text.append(long_text); });  // <- 2
}

NO_RACE(long_append_locked) {
  std::string text = long_text;
  under_one_mutex([&] { text.append(long_text); }, [&] { keep(text[3]); });
}

RACE(append_of_a_string, "what is appended is read") {
  std::string text = "a", other = "b";
  side_by_side([&] { text += other; },    // <- 1
               [&] { other[0] = 'c'; });  // <- 2
}

RACE(append_of_a_long_string) {
  std::string text = "a", other = long_text;
  side_by_side([&] { text.append(other); },  // <- 1
               [&] { other[7] = 'c'; });     // <- 2
}

RACE(short_copy_and_character_write) {
  std::string text = "abc";
  side_by_side([&] { const std::string copy = text; },  // <- 1
               [&] { text[1] = 'x'; });                 // <- 2
}

RACE(long_copy_and_character_write) {
  std::string text = long_text;
  side_by_side([&] { const std::string copy = text; },  // <- 1
               [&] { text[9] = 'x'; });                 // <- 2
}

NO_RACE(copies_of_one_string) {
  const std::string text = long_text;
  side_by_side(
      [&] {
        std::string copy = text;
        copy += 'x';
      },
      [&] {
        std::string copy = text;
        copy[3] = 'y';
      });
}

RACE(character_and_same_character) {
  std::string text = "abc";
  side_by_side([&] { text[1] = 'x'; },   // <- 1
               [&] { keep(text[1]); });  // <- 2
}

NO_RACE(character_and_other_character) {
  std::string text = "abc";
  char* const characters = text.data();
  side_by_side([&] { characters[1] = 'x'; }, [&] { characters[2] = 'y'; });
}

RACE(at_and_back) {
  std::string text = long_text;
  side_by_side([&] { text.at(text.size() - 1) = 'x'; },  // <- 1
               [&] { keep(text.back()); });              // <- 2
}

RACE(assign_and_size) {
  std::string text = "abc";
  one_after_the_other([&] { text.assign("something else"); },  // <- 1
                      [&] { keep(text.size()); });             // <- 2
}

RACE(assignment_of_a_literal_and_c_str) {
  std::string text = "abc";
  one_after_the_other([&] { text = "xyz"; },          // <- 1
                      [&] { keep(*text.c_str()); });  // <- 2
}

RACE(copy_assignment_and_comparison) {
  std::string text = "abc";
  const std::string other = "xyz";
  one_after_the_other([&] { text = other; },          // <- 1
                      [&] { keep(text == "abc"); });  // <- 2
}

RACE(move_assignment_and_empty) {
  std::string text = "abc", other = long_text;
  one_after_the_other([&] { text = std::move(other); },  // <- 1
                      [&] { keep(other.empty()); });     // <- 2
}

RACE(clear_and_empty) {
  std::string text = "abc";
  side_by_side([&] { text.clear(); },         // <- 1
               [&] { keep(text.empty()); });  // <- 2
}

RACE(swap_and_character_read) {
  std::string text = "abc", other = long_text;
  one_after_the_other([&] { text.swap(other); },  // <- 1
                      [&] { keep(other[0]); });   // <- 2
}

RACE(insert_and_find) {
  std::string text = "abc";
  one_after_the_other([&] { text.insert(0, "xyz"); },  // <- 1
                      [&] { keep(text.find('c')); });  // <- 2
}

RACE(erase_and_rfind) {
  std::string text = "abcabc";
  one_after_the_other([&] { text.erase(1, 2); },         // <- 1
                      [&] { keep(text.rfind("bc")); });  // <- 2
}

RACE(replace_and_find_first_of) {
  std::string text = "abcabc";
  one_after_the_other([&] { text.replace(0, 3, "xyzxyz"); },    // <- 1
                      [&] { keep(text.find_first_of("c")); });  // <- 2
}

RACE(resize_and_substr) {
  std::string text = "abc";
  one_after_the_other([&] { text.resize(9, '-'); },    // <- 1
                      [&] { keep(text.substr(1)); });  // <- 2
}

RACE(reserve_and_capacity) {
  std::string text = "abc";
  side_by_side([&] { text.reserve(100); },       // <- 1
               [&] { keep(text.capacity()); });  // <- 2
}

RACE(compare_and_character_write) {
  std::string text = long_text;
  side_by_side([&] { keep(text.compare(0, 8, "a text x")); },  // <- 1
               [&] { text[0] = 'x'; });                        // <- 2
}

RACE(comparison_of_two_and_character_write) {
  std::string text = long_text;
  const std::string other = long_text;
  side_by_side([&] { keep(text == other); },  // <- 1
               [&] { text[0] = 'x'; });       // <- 2
}

RACE(concatenation_and_character_write) {
  std::string text = long_text;
  side_by_side([&] { keep(text + "!"); },  // <- 1
               [&] { text[0] = 'x'; });    // <- 2
}

RACE(iteration_and_character_write) {
  std::string text = "abc";
  side_by_side([&] { read_all(text); },  // <- 1
               [&] { text[2] = 'x'; });  // <- 2
}

RACE(copy_out_and_character_write) {
  std::string text = "abc";
  side_by_side(
      [&] {
        char out[2];
        text.copy(out, 2);  // <- 1
        keep(out[0]);
      },
      [&] { text[0] = 'x'; });  // <- 2
}

RACE(hash_and_character_write) {
  std::string text = long_text;
  side_by_side([&] { keep(std::hash<std::string>()(text)); },  // <- 1
               [&] { text[0] = 'x'; });                        // <- 2
}

RACE(to_upper_and_read) {
  std::string text = "abc";
  side_by_side(
      [&] {
        std::transform(text.begin(), text.end(), text.begin(),  // <- 1
                       [](char c) { return static_cast<char>(c - 32); });
      },
      [&] { keep(text[2]); });  // <- 2
}

RACE(view_of_a_changing_string, "characters are the string's") {
  std::string text = "abc";
  const std::string_view view = text;
  side_by_side([&] { text[1] = 'x'; },   // <- 1
               [&] { keep(view[1]); });  // <- 2
}

RACE(view_of_a_string_that_grows) {
  std::string text = long_text;
  const std::string_view view = text;
  one_after_the_other([&] { keep(view[1]); },       // <- 1
                      [&] { text += long_text; });  // <- 2
}

NO_RACE(view_and_other_characters) {
  std::string text = "abcdef";
  const std::string_view front = std::string_view(text).substr(0, 3);
  char* const back = text.data() + 3;
  side_by_side([&] { keep(front == "abc"); }, [&] { *back = 'x'; });
}

RACE(view_variable_assigned_and_read) {
  std::string_view view = "abc";
  side_by_side([&] { view = "xyz"; },        // <- 1
               [&] { keep(view.size()); });  // <- 2
}

RACE(view_find_and_character_write) {
  std::string text = long_text;
  const std::string_view view = text;
  side_by_side([&] { keep(view.find("string")); },  // <- 1
               [&] { text[0] = 'x'; });             // <- 2
}

RACE(view_hash_and_character_write) {
  std::string text = long_text;
  const std::string_view view = text;
  side_by_side([&] { keep(std::hash<std::string_view>()(view)); },  // <- 1
               [&] { text[0] = 'x'; });                             // <- 2
}

RACE(wide_string) {
  std::wstring text = L"abc";
  one_after_the_other([&] { text += L"def"; },      // <- 1
                      [&] { keep(text.size()); });  // <- 2
}

RACE(utf16_string_copy_and_write) {
  std::u16string text = u"abc";
  side_by_side([&] { keep(text); },       // <- 1
               [&] { text[1] = u'x'; });  // <- 2
}

RACE(back_inserter_and_size) {
  std::string text = "abc";
  one_after_the_other([&] { std::copy_n("xyz", 3, std::back_inserter(text)); },  // <- 1
                      [&] { keep(text.size()); });                               // <- 2
}

NO_RACE(to_string_of_many) {
  std::string text;
  many_under_one_mutex([&](int i) {
    text += std::to_string(i);
    if (text.size() > 40) text.clear();
    keep(text);
  });
}

#ifndef ON_THREADS
NO_RACE(sent_through_a_channel) {
  snag::chan<std::string> lines;
  snag::wait_group both;
  both.go([=] {
    std::string line = "short";
    line += '!';
    lines << line;
    line = long_text;
    lines << std::move(line);
    lines.close();
  });
  both.go([=] {
    for (std::string& line : lines) line += '?';
  });
  both.wait();
}
#endif

RACE(stoi_and_character_write) {
  std::string text = "12345";
  side_by_side([&] { keep(std::stoi(text)); },  // <- 1
               [&] { text[0] = '2'; });         // <- 2
}

RACE(stod_and_character_write) {
  std::string text = "12.25";
  side_by_side([&] { keep(std::stod(text)); },  // <- 1
               [&] { text[0] = '2'; });         // <- 2
}

RACE(wide_append_and_length) {
  std::wstring text = L"abc";
  one_after_the_other([&] { text += L"a text that does not fit into the object itself"; },  // <- 1
                      [&] { keep(text.size()); });                                          // <- 2
}

RACE(wide_replaced_and_compared) {
  std::wstring text(40, L'x'), other(40, L'x');
  one_after_the_other([&] { text.replace(2, 30, 30, L'y'); },  // <- 1
                      [&] { keep(text == other); });           // <- 2
}

RACE(wide_copied_and_found) {
  std::wstring text(40, L'x');
  const std::wstring other(30, L'y');
  one_after_the_other([&] { text.replace(0, 30, other); },  // <- 1
                      [&] { keep(text.find(L'z')); });      // <- 2
}

RACE(wide_c_strings) {
  wchar_t text[20] = L"abc";
  one_after_the_other([&] { std::wcscat(text, L"def"); },  // <- 1
                      [&] { keep(std::wcslen(text)); });   // <- 2
}

NO_RACE(wide_by_two_locked) {
  std::wstring text = L"abc";
  under_one_mutex([&] { text += L"a text that does not fit into the object itself"; },
                  [&] { keep(text.find(L'z')); });
}

#if __cplusplus >= 202002L
RACE(starts_with_and_character_write) {
  std::string text = "abc";
  side_by_side([&] { keep(text.starts_with("ab")); },  // <- 1
               [&] { text[0] = 'x'; });                // <- 2
}
#endif
