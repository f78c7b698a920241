// SPDX-License-Identifier: Apache-2.0
// An asynchronous call and its caller both count.
// verdict: race 20/20
// race: steps
#include <future>

int main() {
  int steps = 0;
  std::future<void> call = std::async(std::launch::async, [&] { steps++; });  // <- 1
  steps++;                                                                    // <- 2
  call.get();
  return steps > 2;
}
