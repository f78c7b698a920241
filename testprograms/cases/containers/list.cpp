// SPDX-License-Identifier: Apache-2.0
// std::list and std::forward_list: nodes, the links between them, and a list's count of its nodes.
#include <forward_list>
#include <iterator>
#include <list>
#include <string>

#include "sides.h"

RACE(push_back_and_push_back) {
  std::list<int> jobs;
  one_after_the_other([&] { jobs.push_back(1); },   // <- 1
                      [&] { jobs.push_back(2); });  // <- 2
}

NO_RACE(push_back_and_push_back_locked) {
  std::list<int> jobs;
  under_one_mutex([&] { jobs.push_back(1); }, [&] { jobs.push_back(2); });
}

NO_RACE(push_back_and_push_back_handed_over) {
  std::list<int> jobs;
  handed_over([&] { jobs.push_back(1); }, [&] { jobs.push_back(2); });
}

RACE(push_front_and_push_back, "one count, one node before the first and after the last") {
  std::list<int> jobs = {1, 2, 3};
  one_after_the_other([&] { jobs.push_front(0); },  // <- 1
                      [&] { jobs.push_back(4); });  // <- 2
}

RACE(push_back_and_iterate) {
  std::list<int> jobs = {1, 2, 3};
  one_after_the_other([&] { jobs.push_back(4); },  // <- 1
                      [&] { read_all(jobs); });    // <- 2
}

RACE(iterate_and_erase) {
  std::list<int> jobs = {1, 2, 3};
  one_after_the_other([&] { read_all(jobs); },                        // <- 1
                      [&] { jobs.erase(std::next(jobs.begin())); });  // <- 2
}

RACE(push_back_and_size) {
  std::list<int> jobs;
  side_by_side([&] { jobs.push_back(1); },   // <- 1
               [&] { keep(jobs.size()); });  // <- 2
}

RACE(pop_front_and_front) {
  std::list<int> jobs = {1, 2, 3};
  one_after_the_other([&] { keep(jobs.front()); },  // <- 1
                      [&] { jobs.pop_front(); });   // <- 2
}

NO_RACE(element_and_insertion_beside_it, "an insertion touches links, not elements") {
  std::list<int> jobs = {1, 2, 3};
  int& first = jobs.front();
  side_by_side([&] { first = 7; }, [&] { jobs.insert(std::next(jobs.begin()), 9); });
}

RACE(element_and_same_element) {
  std::list<int> jobs = {1, 2, 3};
  side_by_side([&] { jobs.back() = 7; },     // <- 1
               [&] { keep(jobs.back()); });  // <- 2
}

NO_RACE(element_and_other_element) {
  std::list<int> jobs = {1, 2, 3};
  side_by_side([&] { jobs.front() = 7; }, [&] { jobs.back() = 9; });
}

RACE(splice_out_and_iterate) {
  std::list<int> jobs = {1, 2, 3}, done;
  one_after_the_other([&] { done.splice(done.end(), jobs, jobs.begin()); },  // <- 1
                      [&] { read_all(jobs); });                              // <- 2
}

RACE(splice_in_and_size) {
  std::list<int> jobs = {1, 2, 3}, done;
  side_by_side([&] { done.splice(done.end(), jobs); },  // <- 1
               [&] { keep(done.size()); });             // <- 2
}

RACE(reverse_and_iterate) {
  std::list<int> jobs = {1, 2, 3};
  one_after_the_other([&] { jobs.reverse(); },   // <- 1
                      [&] { read_all(jobs); });  // <- 2
}

RACE(sort_and_iterate) {
  std::list<int> jobs = {3, 1, 2};
  one_after_the_other([&] { jobs.sort(); },      // <- 1
                      [&] { read_all(jobs); });  // <- 2
}

RACE(merge_and_empty) {
  std::list<int> jobs = {1, 3}, others = {2, 4};
  one_after_the_other([&] { jobs.merge(others); },     // <- 1
                      [&] { keep(others.empty()); });  // <- 2
}

RACE(remove_and_iterate) {
  std::list<int> jobs = {1, 2, 1};
  one_after_the_other([&] { jobs.remove(1); },   // <- 1
                      [&] { read_all(jobs); });  // <- 2
}

RACE(unique_and_size) {
  std::list<int> jobs = {1, 1, 2};
  one_after_the_other([&] { keep(jobs.size()); },  // <- 1
                      [&] { jobs.unique(); });     // <- 2
}

RACE(clear_and_iterate) {
  std::list<std::string> names = {"Ada", "Grace"};
  one_after_the_other([&] { read_all(names); },  // <- 1
                      [&] { names.clear(); });   // <- 2
}

RACE(swap_and_front) {
  std::list<int> jobs = {1}, others = {2};
  one_after_the_other([&] { jobs.swap(others); },    // <- 1
                      [&] { keep(jobs.front()); });  // <- 2
}

RACE(copy_and_insert) {
  std::list<int> jobs = {1, 2};
  one_after_the_other([&] { keep(jobs); },              // <- 1
                      [&] { jobs.emplace_front(0); });  // <- 2
}

RACE(iterator_backwards_and_insert) {
  std::list<int> jobs = {1, 2};
  const auto last = std::prev(jobs.end());
  one_after_the_other([&] { jobs.insert(last, 3); },     // <- 1
                      [&] { keep(*std::prev(last)); });  // <- 2
}

NO_RACE(all_read) {
  const std::list<int> jobs = {1, 2, 3};
  const auto sum = [&] {
    int total = 0;
    for (const int job : jobs) total += job;
    keep(total);
  };
  side_by_side(sum, sum);
}

NO_RACE(many_splice_and_sort) {
  std::list<int> jobs, done;
  many_under_one_mutex([&](int i) {
    jobs.push_front(i);
    if (i % 5 == 0) {
      jobs.sort();
      done.merge(jobs);
    }
    done.unique();
    done.reverse();
    done.sort();
    keep(done);
  });
}

RACE(forward_push_front_and_push_front) {
  std::forward_list<int> jobs;
  one_after_the_other([&] { jobs.push_front(1); },   // <- 1
                      [&] { jobs.push_front(2); });  // <- 2
}

NO_RACE(forward_push_front_and_push_front_locked) {
  std::forward_list<int> jobs;
  under_one_mutex([&] { jobs.push_front(1); }, [&] { jobs.push_front(2); });
}

RACE(forward_pop_front_and_front) {
  std::forward_list<int> jobs = {1, 2};
  one_after_the_other([&] { keep(jobs.front()); },  // <- 1
                      [&] { jobs.pop_front(); });   // <- 2
}

RACE(forward_insert_after_and_iterate) {
  std::forward_list<int> jobs = {1, 2};
  one_after_the_other([&] { jobs.insert_after(jobs.begin(), 7); },  // <- 1
                      [&] { read_all(jobs); });                     // <- 2
}

RACE(forward_erase_after_and_iterate) {
  std::forward_list<int> jobs = {1, 2, 3};
  one_after_the_other([&] { read_all(jobs); },                   // <- 1
                      [&] { jobs.erase_after(jobs.begin()); });  // <- 2
}

RACE(forward_splice_after_and_empty) {
  std::forward_list<int> jobs = {1, 2}, done;
  one_after_the_other([&] { done.splice_after(done.before_begin(), jobs); },  // <- 1
                      [&] { keep(jobs.empty()); });                           // <- 2
}

RACE(forward_sort_and_front) {
  std::forward_list<int> jobs = {3, 1, 2};
  one_after_the_other([&] { jobs.sort(); },          // <- 1
                      [&] { keep(jobs.front()); });  // <- 2
}

RACE(forward_reverse_and_front) {
  std::forward_list<int> jobs = {3, 1, 2};
  one_after_the_other([&] { jobs.reverse(); },       // <- 1
                      [&] { keep(jobs.front()); });  // <- 2
}

NO_RACE(forward_many) {
  std::forward_list<int> jobs;
  many_under_one_mutex([&](int i) {
    jobs.push_front(i);
    if (i % 7 == 0) jobs.sort();
    jobs.reverse();
    keep(jobs);
  });
}
