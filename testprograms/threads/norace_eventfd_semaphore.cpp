// SPDX-License-Identifier: Apache-2.0
// An eventfd as a semaphore with one permit: a lock.
// verdict: clean 20/20
#include <sys/eventfd.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <thread>

std::atomic<int> inside = 0;
int slots = 0;

int main() {
  const int permits = eventfd(1, EFD_SEMAPHORE);
  const auto use = [=] {
    eventfd_t one;
    if (eventfd_read(permits, &one) != 0) std::abort();
    slots++;
    if (eventfd_write(permits, 1) != 0) std::abort();
  };
  std::thread a(use), b(use);
  a.join();
  b.join();
  close(permits);
  return slots != 2;
}
