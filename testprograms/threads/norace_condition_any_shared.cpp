// SPDX-License-Identifier: Apache-2.0
// Readers wait with a shared lock; the writer holds it alone.
// verdict: clean 20/20
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
  read_by[reader] = page;
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
    std::unique_lock hold(m);
    page++;
  }
  a.join();
  b.join();
  return read_by[0] < 1 || read_by[1] < 1;
}
