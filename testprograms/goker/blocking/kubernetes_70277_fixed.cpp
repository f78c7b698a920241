// SPDX-License-Identifier: Apache-2.0
// main leaves once the condition holds, which closes the channel.
// verdict: clean 20/20
#include <chrono>

#include <snag/snag.h>

using namespace std::chrono_literals;

// The ticks of a poll, until it is told to stop or 20 s are over.
snag::recv_chan<int> poll(snag::recv_chan<void> done) {
  snag::chan<int> ticks(1);
  snag::go([=] {
    snag::defer no_more([&] { ticks.close(); });
    snag::ticker every(1s);
    snag::timer over(20s);
    for (int n = 1;; ++n) {
      if (snag::select(snag::on_recv(every.c()), snag::on_recv(over.c()), snag::on_recv(done)) != 0) return;
      ticks.try_send(n);
    }
  });
  return ticks;
}

void wait_for(bool (*condition)(int)) {
  snag::chan<void> done;
  snag::defer stopped([&] { done.close(); });
  auto ticks = poll(done);
  for (int n : ticks) {
    if (condition(n)) return;
  }
}

int main() {
  wait_for([](int n) { return n > 2; });
}
