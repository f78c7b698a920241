// SPDX-License-Identifier: Apache-2.0
// A thread ends the program; the function that runs at exit reads what main wrote before the thread began.
// verdict: clean 20/20
#include <atomic>
#include <cstdlib>
#include <thread>

int summary = 0;

int main() {
  std::atexit([] {
    if (summary > 1) std::abort();
  });
  summary = 1;
  std::thread quitter([] { std::exit(0); });
  quitter.join();
}
