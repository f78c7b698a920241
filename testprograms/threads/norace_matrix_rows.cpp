// SPDX-License-Identifier: Apache-2.0
// Rows of a product are shared out among threads: [first, last), as it should be.
// verdict: clean 20/20
#include <thread>
#include <vector>

constexpr int size = 6;
int a[size][size], b[size][size], product[size][size];

void multiply(int first, int last) {
  for (int row = first; row < last && row < size; ++row)
    for (int column = 0; column < size; ++column)
      for (int i = 0; i < size; ++i) product[row][column] += a[row][i] * b[i][column];
}

int main() {
  for (int i = 0; i < size; ++i) a[i][i] = b[i][i] = 1;
  std::vector<std::thread> threads;
  for (int t = 0; t < 3; ++t) threads.emplace_back(multiply, 2 * t, 2 * t + 2);
  for (std::thread& t : threads) t.join();
  return product[0][0] + product[5][5] != 2;
}
