// SPDX-License-Identifier: Apache-2.0
// call_once covers what its function does, not what the winner does afterwards.
// verdict: race 20/20
// race: table
#include <mutex>
#include <thread>

int table[4];
std::once_flag once;

void use() {
  std::call_once(once, [] { table[0] = 1; });
  table[1] += 1;  // <- 1 2
}

int main() {
  std::thread a(use), b(use);
  a.join();
  b.join();
  return table[1] == 7;
}
