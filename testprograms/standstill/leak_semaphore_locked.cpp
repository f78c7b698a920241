// SPDX-License-Identifier: Apache-2.0
// A thread waits for a place under the mutex that whoever has the place wants before it gives it back.
// verdict: leak 20/20
// shape: mixed cycle
#include <memory>
#include <mutex>
#include <semaphore>
#include <thread>

#include "look.h"

struct hall {
  std::binary_semaphore place{0};
  std::mutex guard;
  meeting both{2};
};

[[gnu::noinline]] void start() {
  const auto h = std::make_shared<hall>();
  std::thread([h] {
    const std::lock_guard hold(h->guard);
    h->both.arrive();
    h->place.acquire();
  }).detach();
  std::thread([h] {
    h->both.arrive();
    const std::lock_guard hold(h->guard);
    h->place.release();
  }).detach();
}

int main() {
  start();
  await_finding();
}
