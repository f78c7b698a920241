// SPDX-License-Identifier: Apache-2.0
// Whoever sleeps and then waits is ordered by the waiting.
// verdict: clean 20/20
#include <chrono>

#include <snag/snag.h>

using namespace std::chrono_literals;

int main() {
  int answer = 0;
  snag::wait_group wg;
  wg.go([&] { answer = 42; });
  snag::sleep_for(2ms);
  wg.wait();
  int seen = answer;
  return seen != 42;
}
