// SPDX-License-Identifier: Apache-2.0
// What a timer starts belongs to the scope in which the timer was set.
// verdict: leak 20/20
// shape: orphan
// stdout: 1 left
#include <chrono>

#include <snag/snag.h>

using namespace std::chrono_literals;

void remind(snag::chan<void> began) {
  snag::chan<void> read;
  snag::after_func(1ms, [=] {
    began.close();
    read.send();
  });
}

int main() {
  snag::leak_check check;
  {
    snag::chan<void> began;
    remind(began);
    began.next();
  }
  snag::println("{} left", check.finish().size());
}
