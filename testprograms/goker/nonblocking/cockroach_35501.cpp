// SPDX-License-Identifier: Apache-2.0
// Validations run in goroutines that all refer to the one variable of the loop, which goes on.
// shape: race
// race: column
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
  descriptor column{};
  for (std::size_t i = 0; i < columns.size(); ++i) {
    column = columns[i];  // <- 1
    wg.go([&] {
      seen += column.id;  // <- 2
    });
  }
  wg.wait();
}
