// SPDX-License-Identifier: Apache-2.0
// The destructor of a stop_callback waits for the callback that runs on another thread, and orders it.
// verdict: clean 20/20
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
    notes++;
  };
  std::optional<std::stop_callback<decltype(note)>> callback(std::in_place, source.get_token(), note);
  std::thread stopper([&] { source.request_stop(); });
  while (!called.load(std::memory_order_relaxed)) std::this_thread::yield();
  callback.reset();
  int seen = notes;
  stopper.join();
  return seen != 1;
}
