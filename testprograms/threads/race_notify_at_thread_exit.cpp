// SPDX-License-Identifier: Apache-2.0
// Notified in its last statement, but the thread's thread_local objects are destroyed after that.
// verdict: race 20/20
// race: summary
#include <condition_variable>
#include <mutex>
#include <thread>
#include <utility>

std::mutex m;
std::condition_variable ended;
bool over = false;
int summary = 0;

struct tally {
  int count = 0;
  ~tally() { summary += count; }  // <- 1
};
thread_local tally mine;

int main() {
  std::thread worker([] {
    for (int i = 0; i < 5; ++i) mine.count++;
    std::unique_lock hold(m);
    over = true;
    hold.unlock();
    ended.notify_all();
  });
  int seen = 0;
  {
    std::unique_lock hold(m);
    ended.wait(hold, [] { return over; });
    seen = summary;  // <- 2
  }
  worker.join();
  return seen > 5;
}
