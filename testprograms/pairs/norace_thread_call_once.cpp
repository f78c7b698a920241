// SPDX-License-Identifier: Apache-2.0
// The active call returns before every passive one does.
// verdict: clean 20/20
#include <mutex>
#include <thread>

int table[4];
int seen[2];
std::once_flag once;

void use(int who) {
  std::call_once(once, [] { table[0] = 1; });
  seen[who] = table[0];
}

int main() {
  std::thread a(use, 0), b(use, 1);
  a.join();
  b.join();
  return seen[0] + seen[1] != 2;
}
