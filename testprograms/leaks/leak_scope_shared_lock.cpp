// SPDX-License-Identifier: Apache-2.0
// Whoever holds the lock has left it locked; he belongs to nobody, the one who waits to the scope.
// verdict: leak 20/20
// shape: abandoned lock
// stdout: 1 left: abandoned lock
#include <memory>

#include <snag/snag.h>

int main() {
  auto m = std::make_shared<snag::mutex>();
  snag::wait_group wg;
  wg.go([m] { m->lock(); });
  wg.wait();
  snag::leak_check check;
  snag::go([m] { m->lock(); });
  for (const auto leaks = check.finish(); const auto& l : leaks)
    snag::println("{} left: {}", leaks.size(), l.shape);
}
