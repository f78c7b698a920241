// SPDX-License-Identifier: Apache-2.0
// A condition variable goes when all who wait for it have been notified, though they have not returned yet.
// verdict: clean 20/20
#include <snag/snag.h>

#include <condition_variable>
#include <memory>
#include <mutex>

int main() {
  auto arrived = std::make_unique<std::condition_variable>();
  std::mutex guard;
  snag::chan<void> locked;
  snag::wait_group wg;
  wg.go([&guard, locked, waited_for = arrived.get()] {
    std::unique_lock hold(guard);
    locked.close();
    waited_for->wait(hold);
  });
  locked.recv();
  guard.lock();
  arrived->notify_all();
  arrived.reset();
  guard.unlock();
  wg.wait();
}
