// SPDX-License-Identifier: Apache-2.0
// Stopping a source closes its channel and then forgets it, while the source's goroutine looks it up again,
// and may find nothing to wait for.
// shape: race
// race: done
// also: leak
#include <memory>

#include <snag/snag.h>

struct file_source {
  snag::chan<void> done;
  snag::chan<int> changes{1};

  void run() {
    while (snag::select(snag::on_recv(changes), snag::on_recv(done)) == 0) {  // <- 1
    }
  }
  void stop() {
    done.close();
    done = nullptr;  // <- 2
  }
};

int main() {
  auto s = std::make_shared<file_source>();
  const auto kept = s->done;  // or the channel would go while it is waited at
  snag::go(&file_source::run, s);
  s->changes << 1;
  s->stop();
  for (int i = 0; i < 100; ++i) snag::yield();  // main has other things to do
}
