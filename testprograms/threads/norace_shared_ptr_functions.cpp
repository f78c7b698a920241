// SPDX-License-Identifier: Apache-2.0
// atomic_load and atomic_store on a shared_ptr, by both sides.
// verdict: clean 20/20
#include <memory>
#include <thread>

int main() {
  auto current = std::make_shared<int>(1);
  std::thread reader([&] {
    const std::shared_ptr<int> mine = std::atomic_load(&current);
    if (*mine > 2) std::terminate();
  });
  std::atomic_store(&current, std::make_shared<int>(2));
  reader.join();
  return *current != 2;
}
