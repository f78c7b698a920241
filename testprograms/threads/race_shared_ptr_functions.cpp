// SPDX-License-Identifier: Apache-2.0
// atomic_load and atomic_store on a shared_ptr are of no use if one side assigns it directly.
// verdict: race 20/20
// race: current mine __both_counts
#include <memory>
#include <thread>

int main() {
  auto current = std::make_shared<int>(1);
  std::thread reader([&] {
    const std::shared_ptr<int> mine = std::atomic_load(&current);  // <- 1
    if (*mine > 2) std::terminate();                               // <- 1
  });  // <- 1
  current = std::make_shared<int>(2);  // <- 2
  reader.join();
  return *current != 2;
}
