// SPDX-License-Identifier: Apache-2.0
// The future of async waits in its destructor: a discarded one makes the call synchronous.
// verdict: clean 20/20
#include <future>

int main() {
  int saved = 0;
  const auto save = [&] { saved = 1; };
  static_cast<void>(std::async(std::launch::async, save));
  int seen = saved;
  return seen != 1;
}
