// SPDX-License-Identifier: Apache-2.0
// Two goroutines clear neighbouring halves, at a boundary inside a word.
// verdict: clean 20/20
#include <cstring>

#include <snag/snag.h>

char buffer[256];

int main() {
  snag::wait_group wg;
  wg.go([] { std::memset(buffer, 1, 127); });
  std::memset(buffer + 127, 2, 129);
  wg.wait();
  return buffer[126] != 1 || buffer[127] != 2;
}
