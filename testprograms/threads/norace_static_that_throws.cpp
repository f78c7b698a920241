// SPDX-License-Identifier: Apache-2.0
// A static whose first initialisation throws: made once in the end, and then used under a lock.
// verdict: clean 20/20
#include <atomic>
#include <mutex>
#include <thread>

std::atomic<int> attempts = 0;

struct connection {
  int port, uses = 0;
  connection() {
    port = 80;
    if (attempts.fetch_add(1) == 0) throw attempts.load();
  }
};

std::mutex m;

void use() {
  for (bool used = false; !used;) {
    try {
      static connection only;
      std::lock_guard hold(m);
      only.uses += only.port == 80;
      used = true;
    } catch (int) {
    }
  }
}

int main() {
  std::thread a(use), b(use);
  a.join();
  b.join();
  return attempts != 2;
}
