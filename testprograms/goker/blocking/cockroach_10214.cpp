// SPDX-License-Identifier: Apache-2.0
// A store tells a replica about a dead peer under its heartbeat lock; the replica's tick queues a heartbeat
// under its own lock: two locks, taken in both orders.
// shape: lock cycle
// dead: report_unreachable, coalesce
#include <memory>
#include <mutex>
#include <vector>

#include <snag/snag.h>

struct replica {
  snag::mutex raft_mu;
  int unreachable = 0;
  void report_unreachable() {
    std::lock_guard hold(raft_mu);  // <- dead 1
    ++unreachable;
  }
};

struct store {
  snag::mutex coalesced_mu;
  std::vector<int> heartbeats{1, 2};
  replica r;

  void send_queued_heartbeats() {
    std::lock_guard hold(coalesced_mu);
    for ([[maybe_unused]] int to : heartbeats) r.report_unreachable();
    heartbeats.clear();
  }
  void coalesce(int to) {
    std::lock_guard hold(coalesced_mu);  // <- dead 1
    heartbeats.push_back(to);
  }
  void tick() {
    std::lock_guard hold(r.raft_mu);
    coalesce(3);
  }
};

int main() {
  auto s = std::make_shared<store>();
  snag::go(&store::send_queued_heartbeats, s);
  snag::go(&store::tick, s);
  for (int i = 0; i < 100; ++i) snag::yield();  // main has other things to do
}
