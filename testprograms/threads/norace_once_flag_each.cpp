// SPDX-License-Identifier: Apache-2.0
// One thing to make, and one once_flag.
// verdict: clean 20/20
#include <mutex>
#include <thread>

int table = 0;

void make_table() { table++; }

void use(std::once_flag& flag) { std::call_once(flag, make_table); }

int main() {
  std::once_flag flags[2];
  std::thread a([&] { use(flags[0]); }), b([&] { use(flags[0]); });
  a.join();
  b.join();
  return table != 1;
}
