// SPDX-License-Identifier: Apache-2.0
// An eventfd as a semaphore with two permits: two threads at once change what they share.
// verdict: race 20/20
// race: slots
#include <sys/eventfd.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <thread>

std::atomic<int> inside = 0;
int slots = 0;

int main() {
  const int permits = eventfd(2, EFD_SEMAPHORE);
  const auto use = [=] {
    eventfd_t one;
    if (eventfd_read(permits, &one) != 0) std::abort();
    inside.fetch_add(1, std::memory_order_relaxed);
    while (inside.load(std::memory_order_relaxed) < 2) std::this_thread::yield();
    slots++;  // <- 1 2
    if (eventfd_write(permits, 1) != 0) std::abort();
  };
  std::thread a(use), b(use);
  a.join();
  b.join();
  close(permits);
  return slots > 2;
}
