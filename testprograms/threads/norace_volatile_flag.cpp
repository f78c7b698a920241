// SPDX-License-Identifier: Apache-2.0
// An atomic flag instead of a volatile one.
// verdict: clean 20/20
#include <atomic>
#include <thread>

std::atomic<bool> ready = false;
int payload = 0;

int main() {
  std::thread sender([] {
    payload = 1;
    ready = true;
  });
  while (!ready) std::this_thread::yield();
  int seen = payload;
  sender.join();
  return seen != 1;
}
