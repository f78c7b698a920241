// SPDX-License-Identifier: Apache-2.0
// std::stack, queue and priority_queue: as much to share as the container beneath them.
#include <functional>
#include <queue>
#include <stack>
#include <string>
#include <vector>

#include "sides.h"

RACE(stack_push_and_push) {
  std::stack<int> plates;
  one_after_the_other([&] { plates.push(1); },   // <- 1
                      [&] { plates.push(2); });  // <- 2
}

NO_RACE(stack_push_and_push_locked) {
  std::stack<int> plates;
  under_one_mutex([&] { plates.push(1); }, [&] { plates.push(2); });
}

NO_RACE(stack_push_and_pop_handed_over) {
  std::stack<int> plates;
  handed_over([&] { plates.push(1); }, [&] { plates.pop(); });
}

RACE(stack_pop_and_top) {
  std::stack<int> plates({1, 2, 3});
  one_after_the_other([&] { plates.pop(); },         // <- 1
                      [&] { keep(plates.top()); });  // <- 2
}

RACE(stack_of_vector_push_and_empty) {
  std::stack<int, std::vector<int>> plates;
  one_after_the_other([&] { plates.push(1); },         // <- 1
                      [&] { keep(plates.empty()); });  // <- 2
}

RACE(queue_push_and_pop, "the last of the elements is the first") {
  std::queue<int> line;
  one_after_the_other([&] { line.push(1); },  // <- 1
                      [&] {
                        keep(line.front());  // <- 2
                        line.pop();          // <- 2
                      });
}

NO_RACE(queue_push_and_pop_handed_over) {
  std::queue<int> line;
  handed_over([&] { line.push(1); },
              [&] {
                keep(line.front());
                line.pop();
              });
}

RACE(queue_push_and_size) {
  std::queue<std::string> line;
  one_after_the_other([&] { line.emplace("Ada"); },  // <- 1
                      [&] { keep(line.size()); });   // <- 2
}

RACE(queue_swap_and_empty) {
  std::queue<int> line({1, 2}), other;
  one_after_the_other([&] { line.swap(other); },     // <- 1
                      [&] { keep(line.empty()); });  // <- 2
}

RACE(priority_push_and_top) {
  std::priority_queue<int> urgent(std::less<int>(), {1, 2, 3});
  one_after_the_other([&] { urgent.push(9); },       // <- 1
                      [&] { keep(urgent.top()); });  // <- 2
}

RACE(priority_pop_and_top) {
  std::priority_queue<int> urgent(std::less<int>(), {1, 2, 3});
  one_after_the_other([&] { keep(urgent.top()); },  // <- 1
                      [&] { urgent.pop(); });       // <- 2
}

RACE(priority_push_and_push) {
  std::priority_queue<int, std::vector<int>, std::greater<>> urgent;
  one_after_the_other([&] { urgent.push(1); },   // <- 1
                      [&] { urgent.push(2); });  // <- 2
}

NO_RACE(adaptors_of_many) {
  std::stack<int> plates;
  std::queue<int> line;
  std::priority_queue<int> urgent;
  many_under_one_mutex([&](int i) {
    plates.push(i);
    line.push(i);
    urgent.push(i * 37 % 100);
    if (i % 3 == 0) {
      plates.pop();
      line.pop();
      urgent.pop();
    }
  });
}
