// SPDX-License-Identifier: Apache-2.0
// Two threads count in one variable.
// verdict: race 20/20
// race: counter
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <thread>

int counter = 0;

void count() {
  for (int i = 0; i < 10; ++i) counter++;  // <- 1 2
}

int main() {
  std::thread child(count);
  count();
  child.join();
  return counter > 20;
}
