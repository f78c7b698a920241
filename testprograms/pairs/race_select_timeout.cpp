// SPDX-License-Identifier: Apache-2.0
// The timeout passed, so the work must be done by now: time is not synchronisation.
// verdict: race 20/20
// race: answer
#include <chrono>

#include <snag/snag.h>

using namespace std::chrono_literals;

int main() {
  int answer = 0, seen = 0;
  snag::chan<int> never;
  snag::wait_group wg;
  wg.go([&] { answer = 42; });  // <- 1
  snag::select(snag::on_recv(never, [](int) {}), snag::on_timeout(5ms, [&] {
                 seen = answer;  // <- 2
               }));
  wg.wait();
  return seen == 7;
}
