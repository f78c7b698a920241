// SPDX-License-Identifier: Apache-2.0
// A thread gets its own copy of its arguments, made before it starts.
// verdict: clean 20/20
#include <functional>
#include <thread>

int area = 0;

void compute(const int& side) { area = side * side; }

int main() {
  int length = 3;
  std::thread t(compute, length);
  length = 4;
  t.join();
  return area != 9 || length != 4;
}
