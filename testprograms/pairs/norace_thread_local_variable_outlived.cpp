// SPDX-License-Identifier: Apache-2.0
// A thread that is joined before the variable it works on ends.
// verdict: clean 20/20
#include <functional>
#include <thread>

void add(int& total) { total += 1; }

int start() {
  int total = 0;
  std::thread(add, std::ref(total)).join();
  return total;
}

int main() { return start() - 1; }
