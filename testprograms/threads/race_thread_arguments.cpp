// SPDX-License-Identifier: Apache-2.0
// A thread gets a reference to a variable that its creator goes on to change.
// verdict: race 20/20
// race: length
#include <functional>
#include <thread>

int area = 0;

void compute(const int& side) { area = side * side; }  // <- 1

int main() {
  int length = 3;
  std::thread t(compute, std::ref(length));
  length = 4;  // <- 2
  t.join();
  return area == 7;
}
