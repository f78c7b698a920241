// SPDX-License-Identifier: Apache-2.0
// A send and a close that nothing orders, always in the same order: the relaxed flag and the sleep order
// nothing.
#include <snag/snag.h>

#include <atomic>
#include <chrono>

#include "../case.h"

using namespace std::chrono_literals;

RACE(send_after_the_close) {
  snag::chan<int> c(10);
  std::atomic<bool> closed = false;
  snag::wait_group closer;
  closer.go([&] {
    c.close();  // <- 1
    closed.store(true, std::memory_order_relaxed);
  });
  while (!closed.load(std::memory_order_relaxed)) snag::yield();
  try {
    c << 0;  // <- 2
  } catch (const snag::panic_error&) {
  }
  closer.wait();
}

RACE(send_that_waits_at_the_close) {
  snag::chan<int> c;
  snag::wait_group closer;
  closer.go([&] {
    snag::sleep_for(20ms);
    c.close();  // <- 1
  });
  try {
    c << 0;  // <- 2
  } catch (const snag::panic_error&) {
  }
  closer.wait();
}

RACE(write_after_a_send_that_waited_at_the_close) {
  int x = 0;
  snag::chan<int> c;
  snag::wait_group closer;
  closer.go([&] {
    snag::sleep_for(20ms);
    x = 1;      // <- 1
    c.close();  // <- 1
  });
  try {
    c << 0;  // <- 2
  } catch (const snag::panic_error&) {
  }
  x = 2;  // <- 2
  closer.wait();
}

RACE(try_send_after_the_close) {
  snag::chan<int> c(10);
  std::atomic<bool> closed = false;
  snag::wait_group closer;
  closer.go([&] {
    c.close();  // <- 1
    closed.store(true, std::memory_order_relaxed);
  });
  while (!closed.load(std::memory_order_relaxed)) snag::yield();
  try {
    c.try_send(0);  // <- 2
  } catch (const snag::panic_error&) {
  }
  closer.wait();
}

RACE(second_close) {
  snag::chan<int> c(10);
  std::atomic<bool> closed = false;
  snag::wait_group closer;
  closer.go([&] {
    c.close();  // <- 1
    closed.store(true, std::memory_order_relaxed);
  });
  while (!closed.load(std::memory_order_relaxed)) snag::yield();
  try {
    c.close();  // <- 2
  } catch (const snag::panic_error&) {
  }
  closer.wait();
}
