// SPDX-License-Identifier: Apache-2.0
// A static whose first initialisation throws: made once in the end, and then used without a lock.
// verdict: race 20/20
// race: uses connection
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
      only.uses += only.port == 80;  // <- 1 2
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
