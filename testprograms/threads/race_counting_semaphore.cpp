// SPDX-License-Identifier: Apache-2.0
// Two permits let both in at once, and inside they share a counter.
// verdict: race 20/20
// race: connections
#include <atomic>
#include <mutex>
#include <semaphore>
#include <thread>

std::counting_semaphore<2> permits(2);
std::atomic<int> inside = 0;
std::mutex m;
int connections = 0;

void connect() {
  permits.acquire();
  inside.fetch_add(1, std::memory_order_relaxed);
  while (inside.load(std::memory_order_relaxed) < 2) std::this_thread::yield();
  {
    connections++;  // <- 1 2
  }
  permits.release();
}

int main() {
  std::thread a(connect), b(connect);
  a.join();
  b.join();
  return connections > 2;
}
