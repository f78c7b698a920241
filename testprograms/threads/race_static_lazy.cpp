// SPDX-License-Identifier: Apache-2.0
// Made by hand on first use: both threads may find it missing.
// verdict: race 20/20
// race: made pages
#include <thread>

struct printer {
  int pages = 5;
};

printer& instance() {
  static printer* made = nullptr;
  if (made == nullptr) made = new printer;  // <- 1 2
  return *made;                             // <- 1 2
}

int main() {
  int pages[2] = {};
  std::thread a([&] { pages[0] = instance().pages; });  // <- 1 2
  std::thread b([&] { pages[1] = instance().pages; });  // <- 1 2
  a.join();
  b.join();
  return pages[0] + pages[1] != 10;
}
