// SPDX-License-Identifier: Apache-2.0
// The lock is a scope's.
// verdict: clean 20/20
#include <map>
#include <memory>
#include <mutex>

#include <snag/snag.h>

struct udp_proxy {
  snag::mutex connections_mu;
  std::map<int, int> connections;

  static bool dial(int from) { return from != 1; }

  void run() {
    for (int from = 0; from < 3; ++from) {
      std::lock_guard hold(connections_mu);
      if (!connections.contains(from)) {
        if (!dial(from)) continue;
        connections[from] = from;
      }
    }
  }
};

int main() {
  auto p = std::make_shared<udp_proxy>();
  snag::go(&udp_proxy::run, p);
  for (int i = 0; i < 100; ++i) snag::yield();  // main has other things to do
}
