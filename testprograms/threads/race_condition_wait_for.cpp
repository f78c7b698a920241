// SPDX-License-Identifier: Apache-2.0
// A wait that timed out and gave its lock back: what comes next is done without it.
// verdict: race 20/20
// race: polls
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

using namespace std::chrono_literals;

std::mutex m;
std::condition_variable never;
int polls = 0;

void poll() {
  std::unique_lock hold(m);
  if (never.wait_for(hold, 1ms, [] { return false; })) return;
  hold.unlock();
  polls++;  // <- 1 2
}

int main() {
  std::thread a(poll), b(poll);
  a.join();
  b.join();
  return polls > 2;
}
