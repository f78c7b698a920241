// SPDX-License-Identifier: Apache-2.0
// Threads that are joined while the scope is open.
// verdict: clean 20/20
// stdout: 0 left
#include <thread>

#include <snag/snag.h>

int main() {
  snag::leak_check check;
  std::jthread a([] {}), b([] {});
  a.join();
  b.join();
  snag::println("{} left", check.finish().size());
}
