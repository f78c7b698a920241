// SPDX-License-Identifier: Apache-2.0
// Each thread draws an index of its own by fetch_add, and writes into that slot.
// verdict: clean 20/20
#include <atomic>
#include <thread>

struct hotel {
  std::atomic<int> next = 0;
  int names[2] = {};
};

void check_in(hotel& h, int name) {
  const int room = h.next.fetch_add(1);
  h.names[room] = name;
}

int main() {
  hotel h;
  std::thread a([&] { check_in(h, 1); }), b([&] { check_in(h, 2); });
  a.join();
  b.join();
  return h.names[0] + h.names[1] != 3;
}
