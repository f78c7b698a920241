// SPDX-License-Identifier: Apache-2.0
// try_acquire_for ran out of time, and what the other side prepares is read nevertheless.
// verdict: race 20/20
// race: payload
#include <atomic>
#include <chrono>
#include <semaphore>
#include <thread>

using namespace std::chrono_literals;

std::counting_semaphore<> ready(0);
std::atomic<bool> gave_up = false;
int payload = 0;

int main() {
  std::thread sender([] {
    payload = 6;  // <- 1
    while (!gave_up.load(std::memory_order_relaxed)) std::this_thread::yield();
    ready.release();
  });
  const bool in_time = ready.try_acquire_for(1ms);
  gave_up.store(true, std::memory_order_relaxed);
  int seen = payload;  // <- 2
  sender.join();
  return in_time || seen > 6;
}
