// SPDX-License-Identifier: Apache-2.0
// A condition variable goes while somebody waits for it.
// verdict: misuse 20/20
// race: arrived
// hint: destroyed-waited-for
#include <snag/snag.h>

#include <chrono>
#include <optional>

int main() {
  std::optional<snag::condition_variable> arrived(std::in_place);
  snag::mutex guard;
  snag::chan<void> locked;
  snag::wait_group wg;
  wg.go([&] {
    guard.lock();
    locked.close();
    arrived->wait_for(guard, std::chrono::seconds(1));  // <- 2
    guard.unlock();
  });
  locked.recv();
  guard.lock();  // free once that one waits
  guard.unlock();
  arrived.reset();  // <- 1
  wg.wait();
}
