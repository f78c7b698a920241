// SPDX-License-Identifier: Apache-2.0
// The heartbeats are taken out under the store's lock and reported after it is released.
// verdict: clean 20/20
#include <memory>
#include <mutex>
#include <vector>

#include <snag/snag.h>

struct replica {
  snag::mutex raft_mu;
  int unreachable = 0;
  void report_unreachable() {
    std::lock_guard hold(raft_mu);
    ++unreachable;
  }
};

struct store {
  snag::mutex coalesced_mu;
  std::vector<int> heartbeats{1, 2};
  replica r;

  void send_queued_heartbeats() {
    std::vector<int> queued;
    {
      std::lock_guard hold(coalesced_mu);
      queued.swap(heartbeats);
    }
    for ([[maybe_unused]] int to : queued) r.report_unreachable();
  }
  void coalesce(int to) {
    std::lock_guard hold(coalesced_mu);
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
