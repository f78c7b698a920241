// SPDX-License-Identifier: Apache-2.0
// The future was not ready yet; the wait that ends when it is orders what the task did.
// verdict: clean 20/20
#include <atomic>
#include <chrono>
#include <future>
#include <thread>
#include <utility>

using namespace std::chrono_literals;

int inventory = 0;
std::atomic<bool> may_end = false;

int main() {
  std::packaged_task<void()> count([] {
    inventory = 12;
    while (!may_end.load(std::memory_order_relaxed)) std::this_thread::yield();
  });
  std::future<void> counted = count.get_future();
  std::thread clerk(std::move(count));
  const bool ready = counted.wait_for(1ms) == std::future_status::ready;
  may_end.store(true, std::memory_order_relaxed);
  counted.wait();
  int seen = inventory;
  clerk.join();
  return ready || seen != 12;
}
