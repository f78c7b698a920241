// SPDX-License-Identifier: Apache-2.0
// Under one mutex a goroutine deletes an account, and another one then pays into it: ordered, and still
// wrong.
// verdict: misuse 20/20
// race: balance
// hint: use-after-free
#include <snag/snag.h>

#include <mutex>

struct account {
  int balance = 0;
};

int main() {
  snag::mutex m;
  snag::chan<void> deleted;
  auto* const savings = new account;
  snag::wait_group both;
  both.go([&] {
    const std::lock_guard hold(m);
    delete savings;  // <- 2
    deleted.close();
  });
  both.go([&] {
    deleted.recv();
    const std::lock_guard hold(m);
    savings->balance = 10;  // <- 1
  });
  both.wait();
}
