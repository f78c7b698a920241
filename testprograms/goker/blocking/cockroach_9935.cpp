// SPDX-License-Identifier: Apache-2.0
// Logging finds, under the log's lock, that its file cannot be made, and gives up by a function that locks
// the log.
// shape: self-lock
// dead: give_up
#include <memory>
#include <mutex>

#include <snag/snag.h>

// One of a few outcomes, chosen by the schedule as the disk would.
bool create_file() {
  snag::chan<void> any;
  any.close();
  return snag::select(snag::on_recv(any), snag::on_recv(any), snag::on_recv(any), snag::on_recv(any)) == 0;
}

struct log {
  snag::mutex mu;
  bool ended = false;
  int entries = 0;

  void output_entry() {
    std::lock_guard hold(mu);
    if (!create_file()) return give_up();
    ++entries;
  }
  void give_up() {
    std::lock_guard hold(mu);  // <- dead 1
    ended = true;
  }
};

int main() {
  auto l = std::make_shared<log>();
  snag::go(&log::output_entry, l);
  for (int i = 0; i < 100; ++i) snag::yield();  // main has other things to do
}
