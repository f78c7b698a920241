// SPDX-License-Identifier: Apache-2.0
// A deferred call runs where get is called: everything is one thread's.
// verdict: clean 20/20
#include <future>

int main() {
  int steps = 0;
  std::future<void> call = std::async(std::launch::deferred, [&] { steps++; });
  steps++;
  call.get();
  return steps != 2;
}
