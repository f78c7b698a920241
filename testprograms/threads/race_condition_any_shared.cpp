// SPDX-License-Identifier: Apache-2.0
// A writer that only holds the lock as a reader does, beside readers that wait with a shared lock.
// verdict: race 20/20
// race: page
#include <condition_variable>
#include <mutex>
#include <shared_mutex>
#include <thread>

std::shared_mutex m;
std::condition_variable_any printed;
bool ready = false;
int page = 0, read_by[2] = {};

void read_page(int reader) {
  std::shared_lock hold(m);
  printed.wait(hold, [] { return ready; });
  read_by[reader] = page;  // <- 1
}

int main() {
  std::thread a(read_page, 0), b(read_page, 1);
  {
    std::unique_lock hold(m);
    ready = true;
    page = 1;
  }
  printed.notify_all();
  {
    std::shared_lock hold(m);
    page++;  // <- 2
  }
  a.join();
  b.join();
  return page == 7;
}
