// SPDX-License-Identifier: Apache-2.0
// A thread that was started in the scope and detached goes on after it.
// verdict: leak 20/20
// shape: still running
// stdout: 1 left: still running
#include <atomic>
#include <chrono>
#include <memory>
#include <thread>

#include <snag/snag.h>

using namespace std::chrono_literals;

int main() {
  auto stop = std::make_shared<std::atomic<bool>>(false);
  auto stopped = std::make_shared<std::atomic<bool>>(false);
  snag::leak_check check({.patience = 10ms});
  std::thread([=] {
    while (!*stop) std::this_thread::yield();
    *stopped = true;
  }).detach();
  for (const auto leaks = check.finish(); const auto& l : leaks)
    snag::println("{} left: {}", leaks.size(), l.shape);
  *stop = true;
  while (!*stopped) std::this_thread::yield();
}
