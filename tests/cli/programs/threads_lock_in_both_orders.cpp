// SPDX-License-Identifier: Apache-2.0
// Two threads, each with the lock that the other one wants. Plain standard C++.
#include <atomic>
#include <mutex>
#include <thread>

std::mutex left, right;
std::atomic<int> holding{0};

void take_both(std::mutex& first, std::mutex& second) {
  std::lock_guard one(first);
  ++holding;
  while (holding != 2) std::this_thread::yield();
  std::lock_guard other(second);
}

int main(int argc, char**) {
  std::thread a([] { take_both(left, right); });
  std::thread b([argc] {
    if (argc > 1) {  // mended: in the same order, one after the other
      ++holding;
      std::lock_guard one(left);
      std::lock_guard other(right);
    } else {
      take_both(right, left);
    }
  });
  a.join();
  b.join();
}
