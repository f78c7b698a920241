// SPDX-License-Identifier: Apache-2.0
// Every goroutine owns a shared_ptr of its own to one object; the last of them frees it.
// verdict: clean 20/20
#include <memory>

#include <snag/snag.h>

int main() {
  auto settings = std::make_shared<int>(1);
  snag::wait_group wg;
  for (int i = 0; i < 4; ++i) {
    wg.go([mine = settings]() mutable {
      auto another = mine;
      if (*another != 1) snag::panic("changed");
      mine.reset();
    });
  }
  settings.reset();
  wg.wait();
  return 0;
}
