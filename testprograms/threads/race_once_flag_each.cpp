// SPDX-License-Identifier: Apache-2.0
// One thing to make, and a once_flag for each thread that wants it.
// verdict: race 20/20
// race: table
#include <mutex>
#include <thread>

int table = 0;

void make_table() { table++; }  // <- 1 2

void use(std::once_flag& flag) { std::call_once(flag, make_table); }

int main() {
  std::once_flag flags[2];
  std::thread a([&] { use(flags[0]); }), b([&] { use(flags[1]); });
  a.join();
  b.join();
  return table > 2;
}
