// SPDX-License-Identifier: Apache-2.0
// A local static, made on first use: the language sees to it that one thread makes it.
// verdict: clean 20/20
#include <thread>

struct printer {
  int pages = 5;
};

printer& instance() {
  static printer made;
  return made;
}

int main() {
  int pages[2] = {};
  std::thread a([&] { pages[0] = instance().pages; });
  std::thread b([&] { pages[1] = instance().pages; });
  a.join();
  b.join();
  return pages[0] + pages[1] != 10;
}
