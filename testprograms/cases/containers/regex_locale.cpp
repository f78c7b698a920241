// SPDX-License-Identifier: Apache-2.0
// std::regex and std::locale: constant objects that many may use, and the caches the library keeps behind
// them.
#include <cctype>
#include <ctime>
#include <iomanip>
#include <locale>
#include <regex>
#include <sstream>
#include <string>
#include <utility>

#include "sides.h"

namespace {

const std::string sentence = "one two2 three33";

}  // namespace

NO_RACE(regex_matched_by_two) {
  const std::regex word("([a-z]+)([0-9]*)");
  const auto search = [&] {
    int count = 0;
    for (std::sregex_iterator at(sentence.begin(), sentence.end(), word), end; at != end; ++at) ++count;
    keep(count);
  };
  side_by_side(search, search);
}

NO_RACE(regex_compiled_by_two) {
  const auto compile = [] {
    const std::regex word("^[[:alpha:]]+\\d*$", std::regex::icase);
    keep(std::regex_match("Three33", word));
  };
  side_by_side(compile, compile);
}

RACE(regex_assigned_and_matched) {
  std::regex word("[a-z]+");
  one_after_the_other([&] { word = "[0-9]+"; },                           // <- 1
                      [&] { keep(std::regex_search(sentence, word)); });  // <- 2
}

NO_RACE(regex_assigned_and_matched_locked) {
  std::regex word("[a-z]+");
  under_one_mutex([&] { word = "[0-9]+"; }, [&] { keep(std::regex_search(sentence, word)); });
}

NO_RACE(regex_assigned_and_matched_handed_over) {
  std::regex word("[a-z]+");
  handed_over([&] { word = "[0-9]+"; }, [&] { keep(std::regex_search(sentence, word)); });
}

RACE(match_results_shared) {
  const std::regex word("([a-z]+)");
  std::smatch match;
  one_after_the_other([&] { std::regex_search(sentence, match, word); },  // <- 1
                      [&] { keep(match.size()); });                       // <- 2
}

RACE(searched_text_written) {
  const std::regex word("[0-9]+");
  std::string text = sentence;
  side_by_side([&] { keep(std::regex_search(text, word)); },  // <- 1
               [&] { text[0] = 'x'; });                       // <- 2
}

RACE(regex_replace_of_a_changing_text) {
  const std::regex word("[0-9]+");
  std::string text = sentence;
  side_by_side([&] { keep(std::regex_replace(text, word, "#")); },  // <- 1
               [&] { text[0] = 'x'; });                             // <- 2
}

NO_RACE(locale_copied_by_two) {
  const std::locale where;
  const auto copy = [&] {
    for (int i = 0; i < 10; ++i) {
      const std::locale mine = where;
      const std::locale now;
      keep(mine == now);
    }
  };
  side_by_side(copy, copy);
}

RACE(locale_assigned_and_copied) {
  std::locale where = std::locale::classic();
  const std::locale other(std::locale::classic(), new std::ctype<char>);
  one_after_the_other([&] { where = other; },                    // <- 1
                      [&] { const std::locale mine = where; });  // <- 2
}

NO_RACE(locale_assigned_and_copied_locked) {
  std::locale where = std::locale::classic();
  const std::locale other(std::locale::classic(), new std::ctype<char>);
  under_one_mutex([&] { where = other; }, [&] { const std::locale mine = where; });
}

NO_RACE(facets_used_by_two) {
  const std::locale where(std::locale::classic(), new std::numpunct<char>);
  const auto look = [&] {
    keep(std::isalpha('x', where));
    keep(std::toupper('x', where));
    keep(std::use_facet<std::numpunct<char>>(where).decimal_point());
    keep(std::has_facet<std::collate<char>>(where));
    keep(std::tolower('X'));
  };
  side_by_side(look, look);
}

NO_RACE(imbued_streams, "numbers are formatted by facets that both streams share") {
  const std::locale where(std::locale::classic(), new std::numpunct<char>);
  const auto format = [&] {
    std::ostringstream out;
    out.imbue(where);
    out << 1234567 << ' ' << 2.5 << ' ' << true;
    std::istringstream in(out.str());
    in.imbue(where);
    int number = 0;
    in >> number;
    keep(number);
  };
  side_by_side(format, format);
}

NO_RACE(last_owner_of_a_facet_destroys_it) {
  struct facet : std::numpunct<char> {
    mutable int uses = 0;
    ~facet() override { uses = -1; }
  };
  std::locale where(std::locale::classic(), new facet);
  side_by_side([mine = where]() mutable { mine = std::locale::classic(); },
               [mine = std::move(where)]() mutable { mine = std::locale::classic(); });
}

NO_RACE(times_formatted_by_two) {
  const auto format = [] {
    std::tm day = {};
    day.tm_year = 126;
    day.tm_mday = 1;
    std::ostringstream out;
    out << std::put_time(&day, "%Y-%m-%d %H:%M");
    std::istringstream in(out.str());
    in >> std::get_time(&day, "%Y-%m-%d");
    keep(day.tm_year);
  };
  side_by_side(format, format);
}

RACE(time_formatted_and_written) {
  std::tm day = {};
  std::ostringstream out;
  side_by_side([&] { out << std::put_time(&day, "%Y"); },  // <- 1
               [&] { day.tm_year = 126; });                // <- 2
}
