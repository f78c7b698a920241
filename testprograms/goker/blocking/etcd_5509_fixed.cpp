// SPDX-License-Identifier: Apache-2.0
// The read lock is a scope's.
// verdict: clean 20/20
#include <mutex>
#include <shared_mutex>

#include <snag/snag.h>

struct client {
  snag::shared_mutex mu;
  bool cancelled = false, connected = true;

  bool acquire() {
    std::shared_lock hold(mu);
    if (cancelled) return false;
    const bool answer = connected;
    return answer;
  }
  void close(snag::wait_group& users) {
    {
      std::lock_guard hold(mu);
      cancelled = true;
    }
    users.wait();
    std::lock_guard hold(mu);
    connected = false;
  }
};

int main() {
  client c;
  snag::wait_group users;
  users.go([&] { c.acquire(); });
  c.close(users);
}
