// SPDX-License-Identifier: Apache-2.0
// Both threads take slot 0: the index is a copy that is never advanced for the other.
// verdict: race 20/20
// race: names
#include <atomic>
#include <thread>

struct hotel {
  std::atomic<int> next = 0;
  int names[2] = {};
};

void check_in(hotel& h, int name) {
  const int room = h.next.load();
  h.names[room] = name;  // <- 1 2
}

int main() {
  hotel h;
  std::thread a([&] { check_in(h, 1); }), b([&] { check_in(h, 2); });
  a.join();
  b.join();
  return h.names[0] > 2;
}
