// SPDX-License-Identifier: Apache-2.0
// Every scenario, seed after seed, on real threads and under simulated schedules:
//
//   stress SECONDS [FIRST_SEED]
//
// SNAG_OPTIONS=max_procs=N:migrate=always says on how many workers, and makes every switch a migration. A
// broken invariant, a crash or a run that does not end (a minute without progress) names scenario and seed.
#include <signal.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>

#include "runtime/src/goroutine_table.h"
#include "runtime/src/posix/parking_lot.h"
#include "snag/snag.h"
#include "tests/stress/scenarios.h"

namespace snag::test {
namespace {

struct scenario {
  const char* name;
  void (*run)(std::uint64_t seed);
};
constexpr scenario scenarios[] = {
    {"pass_values", pass_values},   {"exchange_by_select", exchange_by_select},
    {"guard_data", guard_data},     {"race_with_time", race_with_time},
    {"cancel_trees", cancel_trees},
};

// What runs: also read by the watchdog's handler.
volatile const char* running = "nothing";
volatile bool simulated = false;
volatile std::uint64_t running_seed = 0;

void name_what_runs(const char* what) {
  char line[256];
  const int length = std::snprintf(
      line, sizeof line, "stress: %s (scenario %s, seed %llu, %s)\n", what, const_cast<const char*>(running),
      static_cast<unsigned long long>(running_seed), simulated ? "simulated" : "on real threads");
  [[maybe_unused]] const auto written = write(STDERR_FILENO, line, static_cast<std::size_t>(length));
}

void on_alarm(int) {
  name_what_runs("does not end");
  raise(SIGQUIT);  // every goroutine with its stack
  _exit(3);
}

std::size_t goroutines_in_table() {
  std::size_t count = 0;
  detail::goroutine_table::instance().for_each_alive(
      [&](const detail::goroutine& g) { count += g.kind == events::actor_kind::goroutine; });
  return count;
}

void run(const scenario& s, std::uint64_t seed) {
  constexpr unsigned patience = 60;  // seconds
  running = s.name;
  running_seed = seed;
  alarm(patience);
  simulated = false;
  s.run(seed);
  check_nothing_is_left();
  alarm(patience);
  simulated = true;
  simulate(schedule::random(seed), [&] {
    s.run(seed);
    check_nothing_is_left();
  });
  must(goroutines_in_table() == 1, "a simulated goroutine is left");
}

}  // namespace

void broken(const char* what) {
  name_what_runs(what);
  std::_Exit(1);
}

void check_nothing_is_left() {
  while (num_goroutine() != 1) yield();
  must(!detail::anybody_parked(), "somebody is still queued in the parking lot");
}

}  // namespace snag::test

int main(int argc, char** argv) {
  using namespace snag::test;
  using clock = std::chrono::steady_clock;
  if (argc < 2) return 64;
  signal(SIGALRM, on_alarm);
  const auto end = clock::now() + std::chrono::duration<double>(std::atof(argv[1]));
  std::uint64_t seed = argc > 2 ? std::strtoull(argv[2], nullptr, 0) : 1;
  std::uint64_t runs = 0;
  do {
    for (const scenario& s : scenarios) run(s, seed);
    ++seed;
    ++runs;
  } while (clock::now() < end);
  std::printf("stress: %llu seeds\n", static_cast<unsigned long long>(runs));
  return 0;
}
