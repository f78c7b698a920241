// SPDX-License-Identifier: Apache-2.0
// A transfer locks the account it takes from, and not the one it gives to.
// verdict: race 20/20
// race: balance account
#include <mutex>
#include <thread>

struct account {
  std::mutex m;
  int balance = 100;
};

void transfer(account& from, account& to, int amount) {
  std::scoped_lock hold(from.m);
  from.balance -= amount;
  to.balance += amount;  // <- 1 2
}

int main() {
  account common, left, right;
  std::thread a([&] { transfer(left, common, 10); }), b([&] { transfer(right, common, 20); });
  a.join();
  b.join();
  return common.balance > 130;
}
