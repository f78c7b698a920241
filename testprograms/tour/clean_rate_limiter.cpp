// SPDX-License-Identifier: Apache-2.0
// Exercise: a token bucket filled by a ticker; requests wait for a token.
// Lesson: a buffered channel is the bucket, a non-blocking send refills it, and closing `stop` ends the
// refiller.
// verdict: clean 20/20
// stdout: All requests completed: 10
// stdout: first burst 3, then 3 in each interval: true
#include <array>
#include <chrono>

#include <snag/snag.h>

using namespace std::chrono_literals;

class rate_limiter {
 public:
  rate_limiter(int rate, std::chrono::milliseconds interval) : tokens_(rate) {
    for (int i = 0; i < rate; ++i) tokens_.send();
    refilling_.go([tokens = tokens_, stop = stop_, rate, interval] {
      snag::ticker tick(interval);
      for (bool stopped = false; !stopped;) {
        snag::select(snag::on_recv(stop, [&] { stopped = true; }), snag::on_recv(tick.c(), [&](auto) {
                       for (int i = 0; i < rate; ++i) {
                         snag::select(snag::on_send(tokens, [] {}), snag::on_default([] {}));
                       }
                     }));
      }
    });
  }
  ~rate_limiter() {
    stop_.close();
    refilling_.wait();
  }
  void wait() { tokens_.recv(); }

 private:
  snag::chan<void> tokens_, stop_;
  snag::wait_group refilling_;
};

int main() {
  rate_limiter limiter(3, 100ms);
  snag::chan<int> started(10);
  snag::wait_group wg;
  for (int id = 1; id <= 10; ++id) {
    wg.go([&, id] {
      limiter.wait();
      started << id;
    });
  }
  std::array<int, 4> burst = {};
  snag::sleep_for(50ms);
  for (int interval = 0; interval < 4; ++interval) {
    while (started.len() > 0) {
      started.recv();
      ++burst[static_cast<std::size_t>(interval)];
    }
    snag::sleep_for(100ms);
  }
  wg.wait();
  snag::println("All requests completed: {}", burst[0] + burst[1] + burst[2] + burst[3]);
  snag::println("first burst 3, then 3 in each interval: {}", burst == std::array<int, 4>{3, 3, 3, 1});
}
