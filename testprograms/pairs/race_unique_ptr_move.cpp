// SPDX-License-Identifier: Apache-2.0
// Moving out of the unique_ptr writes it, while another goroutine looks whether it is empty.
// verdict: race 20/20
// race: job
#include <memory>

#include <snag/snag.h>

int main() {
  auto job = std::make_unique<int>(4);
  std::unique_ptr<int> taken;
  snag::wait_group wg;
  wg.go([&] { taken = std::move(job); });  // <- 1
  bool free = job == nullptr;              // <- 2
  wg.wait();
  return free && *taken == 7;
}
