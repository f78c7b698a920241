// SPDX-License-Identifier: Apache-2.0
// Moved into the goroutine before it starts.
// verdict: clean 20/20
#include <memory>

#include <snag/snag.h>

int main() {
  auto job = std::make_unique<int>(4);
  snag::wait_group wg;
  wg.go([job = std::move(job)] { *job += 1; });
  bool free = job == nullptr;
  wg.wait();
  return !free;
}
