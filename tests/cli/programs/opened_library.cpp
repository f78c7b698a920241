// SPDX-License-Identifier: Apache-2.0
// A library that a program opens, uses from two threads, and closes again.
#include <memory_resource>
#include <thread>
#include <vector>

int raced_in_the_library = 0;

extern "C" int use_library() {
  std::pmr::monotonic_buffer_resource memory;
  std::pmr::vector<int> numbers(&memory);
  numbers.push_back(1);
  std::thread one([] { ++raced_in_the_library; }), other([] { ++raced_in_the_library; });
  one.join();
  other.join();
  return numbers.front();
}
