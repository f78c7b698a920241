// SPDX-License-Identifier: Apache-2.0
#pragma once
// Runs one body under many schedules: a seeded one for each of so many seeds, and work stealing on real
// threads. A failure names the schedule that showed it.
#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <string>

#include "snag/snag.h"

namespace snag::test {

template <class Body>
void on_every_seed(int seeds, Body&& body) {
  for (int seed = 1; seed <= seeds; ++seed) {
    SCOPED_TRACE("schedule::random(" + std::to_string(seed) + ")");
    simulate(schedule::random(static_cast<std::uint64_t>(seed)), [&] { body(); });
    if (testing::Test::HasFailure()) return;
  }
}

template <class Body>
void on_real_threads(int rounds, Body&& body) {
  for (int round = 0; round < rounds && !testing::Test::HasFailure(); ++round) {
    body();  // SCOPED_TRACE is bound to an OS thread, which main may leave
  }
}

template <class Body>
void on_every_schedule(Body&& body, int seeds = 50, int rounds = 20) {
  on_every_seed(seeds, body);
  on_real_threads(rounds, body);
}

// Runs f and answers the message of the panic that it raised; "" if it returned.
template <class F>
std::string panic_of(F&& f) {
  try {
    f();
  } catch (const panic_error& e) {
    return e.what();
  }
  return "";
}

// Lets the other goroutines run until all of them wait. On the virtual clock, time passes only then; on real
// threads the scheduler is asked, but not for ever, since somebody may spin.
inline void let_others_block() {
  for (int i = 0; i < 1'000; ++i) {
    sleep_for(std::chrono::milliseconds(1));
    const runtime_statistics now = runtime_stats();
    if (now.running <= 1 && now.runnable == 0) return;
  }
}

}  // namespace snag::test
