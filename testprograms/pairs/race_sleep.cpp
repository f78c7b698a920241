// SPDX-License-Identifier: Apache-2.0
// Sleeping long enough is not waiting: no edge leads from the goroutine to the reader.
// verdict: race 20/20
// race: answer
#include <chrono>

#include <snag/snag.h>

using namespace std::chrono_literals;

int main() {
  int answer = 0;
  snag::wait_group wg;
  wg.go([&] { answer = 42; });  // <- 1
  snag::sleep_for(20ms);
  int seen = answer;  // <- 2
  wg.wait();
  return seen == 7;
}
