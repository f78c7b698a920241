// SPDX-License-Identifier: Apache-2.0
// A child adds up its parent's local array; the parent changes it once the child has ended.
// verdict: clean 20/20
#include <thread>

int add_up(const int* numbers) {
  int sum = 0;
  for (int i = 0; i < 10; ++i) sum += numbers[i];
  return sum;
}

int main() {
  int numbers[10], sum = 0;
  for (int i = 0; i < 10; ++i) numbers[i] = i;
  std::thread child([&] { sum = add_up(numbers); });
  child.join();
  for (int& number : numbers) number *= 2;
  return sum != 45;
}
