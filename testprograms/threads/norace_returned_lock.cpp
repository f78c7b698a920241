// SPDX-License-Identifier: Apache-2.0
// A function returns the lock it took, and the caller keeps it for as long as it works.
// verdict: clean 20/20
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
  const auto hold = g.locked();
  g.value++;
}

int main() {
  gauge g;
  std::thread a([&] { raise(g); }), b([&] { raise(g); });
  a.join();
  b.join();
  return g.value != 2;
}
