// SPDX-License-Identifier: Apache-2.0
// The timer's lock is a scope's.
// verdict: clean 20/20
#include <chrono>
#include <mutex>

#include <snag/snag.h>

using namespace std::chrono_literals;

struct connection_cache {
  snag::mutex mu;
  snag::timer deletion;
  bool armed = false, keep = false;

  void new_connection() {
    std::lock_guard hold(mu);
    if (armed && !deletion.stop()) keep = true;
    armed = false;
  }
  void remove_connection() {
    std::lock_guard hold(mu);
    keep = false;
    armed = true;
    deletion = snag::after_func(1ms, [this] { delete_connection(); });
  }
  void delete_connection() {
    std::lock_guard hold(mu);
    if (keep) return;
    armed = false;
  }
};

int main() {
  auto& cache = *new connection_cache;  // its timers may outlive main
  snag::chan<void> done;
  snag::go([&cache, done] {
    for (int i = 0; i < 5; ++i) {
      cache.remove_connection();
      snag::sleep_for(1ms);  // as long as the timer
      cache.new_connection();
      snag::sleep_for(1ms);
    }
    done.close();
  });
  done.recv();
}
