// SPDX-License-Identifier: Apache-2.0
// Two threads transfer money in opposite directions.
// verdict: leak 20/20
// shape: lock cycle
#include <mutex>
#include <thread>

#include "look.h"

struct account {
  std::mutex guard;
  int balance = 100;
};
account mine, yours;

void transfer(account& from, account& to, meeting& both) {
  const std::lock_guard hold_from(from.guard);
  both.arrive();
  const std::lock_guard hold_to(to.guard);
  --from.balance;
  ++to.balance;
}

int main() {
  static meeting both(2);
  std::thread([] { transfer(mine, yours, both); }).detach();
  std::thread([] { transfer(yours, mine, both); }).detach();
  await_finding();
}
