// SPDX-License-Identifier: Apache-2.0
// After the timeout the program uses the variable that the late worker is about to fill.
// Lesson: giving up waiting does not stop the work, and orders nothing.
// verdict: race 20/20
// race: result
#include <chrono>

#include <snag/snag.h>

using namespace std::chrono_literals;

int main() {
  int result = 0;
  snag::chan<void> ready(1);
  snag::wait_group wg;
  wg.go([&] {
    snag::sleep_for(50ms);
    result = 42;  // <- 1
    ready.send();
  });
  snag::select(snag::on_recv(ready, [] {}), snag::on_timeout(1ms, [&] {
                 result = -1;  // <- 2
               }));
  wg.wait();
  snag::println("result {}", result);
}
