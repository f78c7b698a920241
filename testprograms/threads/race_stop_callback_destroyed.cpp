// SPDX-License-Identifier: Apache-2.0
// A callback ran on the thread that requested the stop; its owner reads what it noted before it gives the
// callback up.
// verdict: race 20/20
// race: notes
#include <atomic>
#include <optional>
#include <stop_token>
#include <thread>

int main() {
  std::stop_source source;
  std::atomic<bool> called = false;
  int notes = 0;
  const auto note = [&] {
    called.store(true, std::memory_order_relaxed);
    notes++;  // <- 1
  };
  std::optional<std::stop_callback<decltype(note)>> callback(std::in_place, source.get_token(), note);
  std::thread stopper([&] { source.request_stop(); });
  while (!called.load(std::memory_order_relaxed)) std::this_thread::yield();
  int seen = notes;  // <- 2
  callback.reset();
  stopper.join();
  return seen > 1;
}
