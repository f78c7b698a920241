// SPDX-License-Identifier: Apache-2.0
// A condition variable is waited for by one who has not locked the mutex.
// verdict: misuse 20/20
// race: arrived
// hint: wait-without-lock
#include <chrono>
#include <condition_variable>
#include <mutex>

std::mutex guard;
std::condition_variable arrived;

int main() {
  std::unique_lock<std::mutex> hold(guard, std::defer_lock);
  arrived.wait_for(hold, std::chrono::milliseconds(1));  // <- 1
}
