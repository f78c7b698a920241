// SPDX-License-Identifier: Apache-2.0
// Exceptions order nothing, whoever throws first; and what a structured binding refers to ends with its
// scope.
#include <snag/snag.h>

#include <atomic>
#include <chrono>
#include <utility>

#include "../case.h"

using namespace std::chrono_literals;

namespace {

void throw_and_catch() {
  try {
    throw 1;
  } catch (int) {
  }
}

}  // namespace

RACE(throwing_orders_nothing) {
  int value = 0;
  std::atomic<bool> thrown = false;
  snag::wait_group both;
  both.go([&] {
    value = 1;  // <- 1
    throw_and_catch();
    thrown.store(true, std::memory_order_relaxed);
  });
  both.go([&] {
    while (!thrown.load(std::memory_order_relaxed)) snag::yield();
    throw_and_catch();
    if (value > 1) std::abort();  // <- 2
  });
  both.wait();
}

RACE(binding_outlived) {
  snag::wait_group group;
  {
    auto [first, second] = std::pair<int, int>{1, 2};  // <- 1
    group.go([&first, second] {
      snag::sleep_for(2ms);
      first += second;  // <- 2
    });
  }  // <- 1
  group.wait();
}

NO_RACE(binding_waited_for) {
  snag::wait_group group;
  {
    auto [first, second] = std::pair<int, int>{1, 2};
    group.go([&first, second] {
      snag::sleep_for(2ms);
      first += second;
    });
    group.wait();
  }
}
