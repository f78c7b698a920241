// SPDX-License-Identifier: Apache-2.0
// Two goroutines lock two mutexes in opposite order and hold each other up; main does not wait for them.
// Lesson: a deadlock among some goroutines is invisible while others run.
// verdict: leak 20/20
#include <mutex>

#include <snag/snag.h>

int main() {
  static snag::mutex a, b;
  snag::chan<void> first(1), second(1), over(2);
  snag::go([=] {
    std::lock_guard hold(a);
    first.send();
    second.recv();
    std::lock_guard hold_too(b);
    over.send();
  });
  snag::go([=] {
    std::lock_guard hold(b);
    second.send();
    first.recv();
    std::lock_guard hold_too(a);
    over.send();
  });
  for (int i = 0; i < 100; ++i) snag::yield();
  snag::println("main ends");
}
