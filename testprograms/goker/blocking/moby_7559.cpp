// SPDX-License-Identifier: Apache-2.0
// A proxy goes on to its next datagram after a failed dial, with the connections locked.
// shape: self-lock
// dead: run
#include <map>
#include <memory>

#include <snag/snag.h>

struct udp_proxy {
  snag::mutex connections_mu;
  std::map<int, int> connections;

  static bool dial(int from) { return from != 1; }

  void run() {
    for (int from = 0; from < 3; ++from) {
      connections_mu.lock();  // <- dead 1
      if (!connections.contains(from)) {
        if (!dial(from)) continue;
        connections[from] = from;
      }
      connections_mu.unlock();
    }
  }
};

int main() {
  auto p = std::make_shared<udp_proxy>();
  snag::go(&udp_proxy::run, p);
  for (int i = 0; i < 100; ++i) snag::yield();  // main has other things to do
}
