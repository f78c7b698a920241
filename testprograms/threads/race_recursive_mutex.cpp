// SPDX-License-Identifier: Apache-2.0
// The outer unlock frees a recursive mutex, and one thing is done after it.
// verdict: race 20/20
// race: entries directory
#include <mutex>
#include <thread>

struct directory {
  std::recursive_mutex m;
  int entries = 0;
  void add() {
    std::lock_guard hold(m);
    entries++;  // <- 1 2
  }
  void add_two() {
    std::unique_lock hold(m);
    add();
    hold.unlock();
    entries++;  // <- 1 2
  }
};

int main() {
  directory d;
  std::thread a([&] { d.add_two(); }), b([&] { d.add_two(); });
  a.join();
  b.join();
  return d.entries > 4;
}
