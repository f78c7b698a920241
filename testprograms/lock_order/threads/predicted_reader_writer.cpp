// SPDX-License-Identifier: Apache-2.0
// One reads a table and then locks the log; the other writes the table while it holds the log.
// verdict: clean 20/20
// predicted: lock cycle
#include <shared_mutex>

#include "../beside.h"

std::shared_mutex table;
std::mutex log_lock;

int main() {
  turns turn;
  beside all;
  all.go([&] {
    {
      const std::shared_lock read(table);
      const guard log(log_lock);  // <- 1
    }
    turn.next();
  });
  all.go([&] {
    turn.wait_for(1);
    const guard log(log_lock);
    const std::unique_lock write(table);  // <- 2
  });
  all.wait();
}
