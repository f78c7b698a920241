// SPDX-License-Identifier: Apache-2.0
// Each goroutine has a copy of its own.
// verdict: clean 20/20
#include <atomic>
#include <vector>

#include <snag/snag.h>

struct descriptor {
  int id;
  bool nullable;
};

int main() {
  const std::vector<descriptor> columns{{1, true}, {2, false}, {3, true}};
  std::atomic<int> seen = 0;
  snag::wait_group wg;
  for (descriptor column : columns) {
    wg.go([&, column] { seen += column.id; });
  }
  wg.wait();
}
