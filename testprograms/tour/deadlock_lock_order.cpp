// SPDX-License-Identifier: Apache-2.0
// Two goroutines lock two mutexes in opposite order; main waits for both.
// Lesson: lock in one order everywhere, or both at once with std::scoped_lock.
// verdict: deadlock 20/20
#include <mutex>

#include <snag/snag.h>

int main() {
  snag::mutex a, b;
  snag::chan<void> first(1), second(1);
  snag::wait_group wg;
  wg.go([&] {
    std::lock_guard hold(a);
    first.send();
    second.recv();
    std::lock_guard hold_too(b);
  });
  wg.go([&] {
    std::lock_guard hold(b);
    second.send();
    first.recv();
    std::lock_guard hold_too(a);
  });
  wg.wait();
}
