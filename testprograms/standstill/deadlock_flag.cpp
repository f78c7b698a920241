// SPDX-License-Identifier: Apache-2.0
// Whoever was to raise the flag has ended without. (libstdc++ waits for a bool by way of a table that all
// share.)
// verdict: deadlock 20/20
// shape: orphan
#include <atomic>
#include <thread>

std::atomic<bool> ready = false;

int main() {
  std::thread maker([] { ready.notify_all(); });
  maker.join();
  ready.wait(false);
}
