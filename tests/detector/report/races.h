// SPDX-License-Identifier: Apache-2.0
#pragma once
// Findings and raw races that several tests of this folder start from.
#include "detector/finding.h"
#include "tests/detector/report/fake_core.h"

namespace snag::detector::fake {

// counter++ in bump(), called by goroutine 7 ("feeder", running, started by main in main()), against a read
// in main().
finding counter_finding();

// Goroutines 7 and 8 take two mutexes in both orders; main waits behind them.
finding lock_cycle_finding();

// Goroutine 7 sleeps, 8 and two like it run, and all outlived the scope "orders".
finding still_running_finding();
// Thread 7, "worker", and three others that were created where it was.
finding thread_not_joined_finding();

// The same race in numbers, with its sites, contexts and actors in the fake world. `line` moves every line of
// the file.
struct counter_race {
  raw_race race;
  const hooks::site *write, *read, *call, *created;
};
counter_race make_counter_race(unsigned line_shift = 0, const char* lambda = "main::$_0::operator()() const");

}  // namespace snag::detector::fake
