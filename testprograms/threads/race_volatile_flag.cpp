// SPDX-License-Identifier: Apache-2.0
// volatile is not for threads: the flag races, and so does what it was to protect.
// verdict: race 20/20
// race: ready payload
#include <atomic>
#include <thread>

volatile bool ready = false;
int payload = 0;

int main() {
  std::thread sender([] {
    payload = 1;   // <- 1
    ready = true;  // <- 1
  });
  while (!ready) std::this_thread::yield();  // <- 2
  int seen = payload;                        // <- 2
  sender.join();
  return seen > 1;
}
