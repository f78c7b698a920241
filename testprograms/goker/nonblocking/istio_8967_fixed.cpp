// SPDX-License-Identifier: Apache-2.0
// The channel is closed, and stays.
// verdict: clean 20/20
#include <memory>

#include <snag/snag.h>

struct file_source {
  snag::chan<void> done;
  snag::chan<int> changes{1};

  void run() {
    while (snag::select(snag::on_recv(changes), snag::on_recv(done)) == 0) {
    }
  }
  void stop() { done.close(); }
};

int main() {
  auto s = std::make_shared<file_source>();
  snag::go(&file_source::run, s);
  s->changes << 1;
  s->stop();
  for (int i = 0; i < 100; ++i) snag::yield();  // main has other things to do
}
