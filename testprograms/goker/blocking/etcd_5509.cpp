// SPDX-License-Identifier: Apache-2.0
// Asking for a connection of a closed client fails with the read lock still held; closing then locks once
// more.
// shape: abandoned lock
// dead: close, called by main
#include <mutex>

#include <snag/snag.h>

struct client {
  snag::shared_mutex mu;
  bool cancelled = false, connected = true;

  bool acquire() {
    mu.lock_shared();
    if (cancelled) return false;
    const bool answer = connected;
    mu.unlock_shared();
    return answer;
  }
  void close(snag::wait_group& users) {
    {
      std::lock_guard hold(mu);
      cancelled = true;
    }
    users.wait();
    std::lock_guard hold(mu);  // <- dead 1
    connected = false;
  }
};

int main() {
  client c;
  snag::wait_group users;
  users.go([&] { c.acquire(); });
  c.close(users);
}
