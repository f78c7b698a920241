// SPDX-License-Identifier: Apache-2.0
// std::optional, variant, any, function, pair and tuple: one object that says what it holds, and what it
// holds.
#include <any>
#include <functional>
#include <initializer_list>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <variant>
#include <vector>

#include "sides.h"

namespace {

const char* const long_text = "a text that is too long for the place inside the string object";

}  // namespace

RACE(optional_emplace_and_has_value) {
  std::optional<int> answer;
  side_by_side([&] { answer.emplace(42); },         // <- 1
               [&] { keep(answer.has_value()); });  // <- 2
}

NO_RACE(optional_emplace_and_has_value_locked) {
  std::optional<int> answer;
  under_one_mutex([&] { answer.emplace(42); }, [&] { keep(answer.has_value()); });
}

NO_RACE(optional_emplace_and_value_handed_over) {
  std::optional<int> answer;
  handed_over([&] { answer.emplace(42); }, [&] { keep(answer.value()); });
}

RACE(optional_reset_and_value_or) {
  std::optional<int> answer = 42;
  side_by_side([&] { answer.reset(); },             // <- 1
               [&] { keep(answer.value_or(0)); });  // <- 2
}

RACE(optional_assignment_and_dereference) {
  std::optional<int> answer = 42;
  side_by_side([&] { answer = 43; },     // <- 1
               [&] { keep(*answer); });  // <- 2
}

RACE(optional_string_reset_and_letter) {
  std::optional<std::string> name = long_text;
  one_after_the_other([&] { keep(name->back()); },  // <- 1
                      [&] { name.reset(); });       // <- 2
}

RACE(optional_swap_and_comparison) {
  std::optional<int> answer = 42, other;
  one_after_the_other([&] { answer.swap(other); },  // <- 1
                      [&] { keep(other == 42); });  // <- 2
}

NO_RACE(optional_all_read) {
  const std::optional<std::string> name = long_text;
  const auto look = [&] { keep(*name); };
  side_by_side(look, look);
}

RACE(variant_other_alternative_and_index) {
  std::variant<int, double> value = 1;
  side_by_side([&] { value = 2.5; },           // <- 1
               [&] { keep(value.index()); });  // <- 2
}

NO_RACE(variant_other_alternative_and_index_locked) {
  std::variant<int, double> value = 1;
  under_one_mutex([&] { value = 2.5; }, [&] { keep(value.index()); });
}

RACE(variant_same_alternative_and_get) {
  std::variant<int, double> value = 1;
  side_by_side([&] { std::get<int>(value) = 2; },     // <- 1
               [&] { keep(std::get<int>(value)); });  // <- 2
}

RACE(variant_get_if_and_emplace) {
  std::variant<int, std::string> value = 1;
  one_after_the_other([&] { value.emplace<std::string>(long_text); },            // <- 1
                      [&] { keep(std::get_if<std::string>(&value)->size()); });  // <- 2
}

RACE(variant_visit_and_assignment) {
  std::variant<int, double> value = 1;
  side_by_side([&] { std::visit([](auto held) { keep(held); }, value); },  // <- 1
               [&] { value = 2.5; });                                      // <- 2
}

NO_RACE(variant_visited_by_two) {
  const std::variant<int, std::string> value = long_text;
  const auto look = [&] { std::visit([](const auto& held) { keep(held); }, value); };
  side_by_side(look, look);
}

RACE(any_assignment_and_type) {
  std::any value = 1;
  side_by_side([&] { value = 2.5; },               // <- 1
               [&] { keep(value.has_value()); });  // <- 2
}

NO_RACE(any_assignment_and_type_handed_over) {
  std::any value = 1;
  handed_over([&] { value = 2.5; }, [&] { keep(std::any_cast<double>(value)); });
}

RACE(any_cast_and_write) {
  std::any value = 1;
  int* const held = std::any_cast<int>(&value);
  side_by_side([&] { *held = 2; },                         // <- 1
               [&] { keep(std::any_cast<int>(value)); });  // <- 2
}

RACE(any_large_reset_and_cast, "what does not fit is on the heap") {
  std::any value = std::string(long_text);
  one_after_the_other([&] { keep(std::any_cast<std::string&>(value).size()); },  // <- 1
                      [&] { value.reset(); });                                   // <- 2
}

RACE(function_assignment_and_call) {
  std::function<int()> next = [] { return 1; };
  one_after_the_other([&] { next = [] { return 2; }; },  // <- 1
                      [&] { keep(next()); });            // <- 2
}

NO_RACE(function_assignment_and_call_locked) {
  std::function<int()> next = [] { return 1; };
  under_one_mutex([&] { next = [] { return 2; }; }, [&] { keep(next()); });
}

NO_RACE(function_called_by_two) {
  const std::string text = long_text;
  const std::function<std::size_t()> length = [text] { return text.size(); };
  side_by_side([&] { keep(length()); }, [&] { keep(length()); });
}

RACE(function_with_a_counter_called_by_two, "each call changes the copy inside") {
  std::function<void()> count = [n = 0]() mutable { ++n; };  // <- 1 2
  side_by_side([&] { count(); }, [&] { count(); });
}

NO_RACE(copies_of_a_function_with_a_counter) {
  const std::function<void()> count = [n = 0]() mutable { ++n; };
  side_by_side([mine = count] { mine(); }, [mine = count] { mine(); });
}

RACE(function_copy_and_reset, "what it holds is copied and destroyed by functions that stand at the lambda") {
  std::function<std::size_t()> length = [text = std::string(long_text)] { return text.size(); };
  one_after_the_other([&] { const auto copy = length; }, [&] { length = nullptr; });
}

RACE(function_bool_and_swap) {
  std::function<int()> next = [] { return 1; }, other;
  side_by_side([&] { next.swap(other); },                 // <- 1
               [&] { keep(static_cast<bool>(other)); });  // <- 2
}

RACE(reference_wrapper_and_bind) {
  int number = 0;
  const auto add = std::bind([](int& to, int n) { to += n; }, std::ref(number), 1);  // <- 1
  side_by_side([&] { add(); }, [&] { keep(number); });                               // <- 2
}

RACE(pair_first_and_first) {
  std::pair<int, int> point;
  side_by_side([&] { point.first = 1; },     // <- 1
               [&] { keep(point.first); });  // <- 2
}

NO_RACE(pair_first_and_second) {
  std::pair<int, int> point;
  side_by_side([&] { point.first = 1; }, [&] { point.second = 2; });
}

RACE(pair_assignment_and_second) {
  std::pair<int, int> point;
  side_by_side([&] { point = {1, 2}; },       // <- 1
               [&] { keep(point.second); });  // <- 2
}

RACE(pair_swap_and_comparison) {
  std::pair<int, int> point, other = {1, 2};
  side_by_side([&] { point.swap(other); },                // <- 1
               [&] { keep(other == std::pair(1, 2)); });  // <- 2
}

RACE(tuple_element_and_same_element) {
  std::tuple<int, char, double> record;
  side_by_side([&] { std::get<1>(record) = 'x'; },   // <- 1
               [&] { keep(std::get<1>(record)); });  // <- 2
}

NO_RACE(tuple_element_and_other_element) {
  std::tuple<char, char, double> record;
  side_by_side([&] { std::get<0>(record) = 'x'; }, [&] { std::get<1>(record) = 'y'; });
}

RACE(tuple_copy_and_element) {
  std::tuple<int, std::string> record = {1, long_text};
  side_by_side([&] { keep(record); },                   // <- 1
               [&] { std::get<1>(record)[0] = 'x'; });  // <- 2
}

RACE(tie_assignment_and_variable) {
  int number = 0;
  char letter = 'a';
  side_by_side([&] { std::tie(number, letter) = std::tuple(1, 'b'); },  // <- 1
               [&] { keep(letter); });                                  // <- 2
}

RACE(structured_binding_and_member) {
  std::pair<int, int> point;
  auto& [x, y] = point;
  side_by_side([&point] { point.second = 2; },  // <- 1
               [&y = y] { keep(y); });          // <- 2
}

RACE(apply_and_element) {
  std::tuple<int, int> record;
  side_by_side([&] { keep(std::apply([](int a, int b) { return a + b; }, record)); },  // <- 1
               [&] { std::get<0>(record) = 1; });                                      // <- 2
}

RACE(exchange_and_read) {
  int number = 1;
  side_by_side([&] { keep(std::exchange(number, 2)); },  // <- 1
               [&] { keep(number); });                   // <- 2
}

RACE(initializer_list_reads_its_sources) {
  int number = 1;
  side_by_side([&] { keep(std::vector<int>{0, number, 2}); },  // <- 1
               [&] { number = 7; });                           // <- 2
}

NO_RACE(initializer_list_shared, "its elements are const") {
  const std::initializer_list<int> all = {1, 2, 3};
  const auto sum = [&] { keep(std::vector<int>(all)); };
  side_by_side(sum, sum);
}

NO_RACE(wrappers_of_many) {
  std::optional<std::string> name;
  std::variant<int, std::string> value;
  std::any thing;
  std::function<int()> next;
  many_under_one_mutex([&](int i) {
    if (i % 2 == 0) {
      name = long_text;
      value = i;
      thing = i;
      next = [i] { return i; };
    } else {
      name.reset();
      value = long_text;
      thing = std::string(long_text);
      next = [text = std::string(long_text)] { return static_cast<int>(text.size()); };
    }
    keep(next());
    keep(value);
    keep(thing);
  });
}
