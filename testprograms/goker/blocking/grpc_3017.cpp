// SPDX-License-Identifier: Apache-2.0
// The timer that would delete a connection meets it in use again, and returns with the cache locked.
// shape: abandoned lock
// dead: remove_connection, main
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
    std::lock_guard hold(mu);  // <- dead 1
    keep = false;
    armed = true;
    deletion = snag::after_func(1ms, [this] { delete_connection(); });
  }
  void delete_connection() {
    mu.lock();
    if (keep) return;
    armed = false;
    mu.unlock();
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
  done.recv();  // <- dead 1
}
