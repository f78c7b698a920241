// SPDX-License-Identifier: Apache-2.0
// Rows of a matrix, of which the loops touch the first columns: between two of them lies what is another's.
// verdict: clean 20/20
#include <snag/snag.h>

struct matrix {
  double cells[12][16];
};
matrix m;

[[gnu::noinline]] void clear(matrix& of, int rows, int columns) {
  for (int r = 0; r < rows; ++r)
    for (int c = 0; c < columns; ++c) of.cells[r][c] = 0;
}

int main() {
  snag::wait_group wg;
  wg.go([] {
    for (auto& row : m.cells)
      for (int c = 9; c < 16; ++c) row[c] = 1;
  });
  clear(m, 12, 9);
  wg.wait();
}
