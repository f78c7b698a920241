// SPDX-License-Identifier: Apache-2.0
// Looking for what to queue, a store holds its lock for reading and comes to take it for reading again; a
// writer waits in between.
// shape: queued-writer
// dead: raft_status, process_raft
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <vector>

#include <snag/snag.h>

struct store {
  snag::shared_mutex mu;
  snag::mutex queue_mu;
  int status = 0;
  std::vector<int> queue;

  int raft_status() {
    std::shared_lock hold(mu);  // <- dead 1
    return status;
  }
  void maybe_add() {
    std::lock_guard hold(queue_mu);
    if (raft_status() == 0) queue.push_back(1);
  }
  void force_scan() {
    std::shared_lock hold(mu);
    maybe_add();
  }
  void process_raft() {
    std::unique_lock hold(mu);  // <- dead 1
    ++status;
  }
};

int main() {
  auto s = std::make_shared<store>();
  snag::go(&store::force_scan, s);
  snag::go(&store::process_raft, s);
  for (int i = 0; i < 100; ++i) snag::yield();  // main has other things to do
}
