// SPDX-License-Identifier: Apache-2.0
// The result fits into the channel, whether or not somebody comes for it.
// verdict: clean 20/20
#include <memory>

#include <snag/snag.h>

struct benchmark_client {
  snag::chan<void> stop;

  void run() {
    snag::chan<int> done(1);
    snag::go([=] {
      int calls = 0;
      for (int i = 0; i < 10; ++i) calls += i;
      done << calls;
    });
    int calls = 0;
    snag::select(snag::on_recv(done, [&](int n) { calls = n; }), snag::on_recv(stop));
  }
};

int main() {
  auto b = std::make_shared<benchmark_client>();
  snag::go(&benchmark_client::run, b);
  b->stop.close();
  for (int i = 0; i < 100; ++i) snag::yield();  // main has other things to do
}
