// SPDX-License-Identifier: Apache-2.0
// The count is atomic, the shared_ptr object is not: one assigns it, the other copies it.
// verdict: race 20/20
// race: settings
#include <chrono>
#include <memory>

#include <snag/snag.h>

using namespace std::chrono_literals;

int main() {
  auto settings = std::make_shared<int>(1);
  snag::wait_group wg;
  wg.go([&] { settings = std::make_shared<int>(2); });  // <- 1
  snag::sleep_for(5ms);
  auto mine = settings;  // <- 2
  wg.wait();
  return *mine == 7;
}
