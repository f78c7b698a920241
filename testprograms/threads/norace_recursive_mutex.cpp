// SPDX-License-Identifier: Apache-2.0
// The inner unlock of a recursive mutex frees nothing: the rest is still protected.
// verdict: clean 20/20
#include <mutex>
#include <thread>

struct directory {
  std::recursive_mutex m;
  int entries = 0;
  void add() {
    std::lock_guard hold(m);
    entries++;
  }
  void add_two() {
    std::unique_lock hold(m);
    add();
    entries++;
  }
};

int main() {
  directory d;
  std::thread a([&] { d.add_two(); }), b([&] { d.add_two(); });
  a.join();
  b.join();
  return d.entries != 4;
}
