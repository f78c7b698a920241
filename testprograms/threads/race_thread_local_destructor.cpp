// SPDX-License-Identifier: Apache-2.0
// Each thread's count is added up as the thread ends, without a lock.
// verdict: race 20/20
// race: all
#include <mutex>
#include <thread>

std::mutex m;
int all = 0;

struct count {
  int here = 0;
  ~count() {
    all += here;  // <- 1 2
  }
};
thread_local count mine;

int main() {
  const auto work = [] { mine.here += 2; };
  std::thread a(work), b(work);
  a.join();
  b.join();
  return all > 4;
}
