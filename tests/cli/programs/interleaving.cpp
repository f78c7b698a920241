// SPDX-License-Identifier: Apache-2.0
// Prints the order in which three goroutines came to their turns.
#include <snag/mutex.h>
#include <snag/println.h>
#include <snag/wait_group.h>

#include <mutex>
#include <string>

int main() {
  snag::mutex mutex;
  std::string order;
  snag::wait_group group;
  for (char name : {'a', 'b', 'c'})
    group.go([&, name] {
      for (int i = 0; i < 3; ++i) {
        const std::lock_guard lock(mutex);
        order += name;
      }
    });
  group.wait();
  snag::println("{}", order);
}
