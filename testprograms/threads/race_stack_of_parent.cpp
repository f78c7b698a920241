// SPDX-License-Identifier: Apache-2.0
// A child adds up its parent's local array, which the parent goes on changing.
// verdict: race 20/20
// race: numbers
#include <thread>

int add_up(const int* numbers) {
  int sum = 0;
  for (int i = 0; i < 10; ++i) sum += numbers[i];  // <- 1
  return sum;
}

int main() {
  int numbers[10], sum = 0;
  for (int i = 0; i < 10; ++i) numbers[i] = i;
  std::thread child([&] { sum = add_up(numbers); });
  for (int& number : numbers) number *= 2;  // <- 2
  child.join();
  return sum == 7;
}
