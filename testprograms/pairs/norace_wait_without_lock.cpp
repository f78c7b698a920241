// SPDX-License-Identifier: Apache-2.0
// A condition variable is waited for by one who has locked the mutex.
// verdict: clean 20/20
#include <chrono>
#include <condition_variable>
#include <mutex>

std::mutex guard;
std::condition_variable arrived;

int main() {
  std::unique_lock<std::mutex> hold(guard);
  arrived.wait_for(hold, std::chrono::milliseconds(1));
}
