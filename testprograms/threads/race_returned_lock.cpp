// SPDX-License-Identifier: Apache-2.0
// A function returns the lock it took, and the caller drops it at once.
// verdict: race 20/20
// race: value
#include <mutex>
#include <thread>

class gauge {
 public:
  std::unique_lock<std::mutex> locked() { return std::unique_lock(m_); }
  int value = 0;

 private:
  std::mutex m_;
};

void raise(gauge& g) {
  g.locked();
  g.value++;  // <- 1 2
}

int main() {
  gauge g;
  std::thread a([&] { raise(g); }), b([&] { raise(g); });
  a.join();
  b.join();
  return g.value > 2;
}
