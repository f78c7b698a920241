// SPDX-License-Identifier: Apache-2.0
// How long the search for deadlocks takes, by the number of goroutines that are parked. Built by snag, with
// -deadlock or -race, and told what to do:
//     snag build -deadlock -O2 -o look bench/look_bench.cpp && SNAG_OPTIONS=audit=full ./look 1000000 live
//   live   all wait for one channel that a global names: everybody lives
//   dead   each waits for a channel of its own: all are dead, one finding
//   locks  all wait for one lock that main holds
// What is looked at is the moment when main returns; the last line but one says how long that took.
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "snag/runtime_stats.h"
#include "snag/snag.h"

namespace {

snag::chan<int> never;
snag::mutex held;

void wait_for_one_of_my_own() {
  const snag::chan<int> own;
  own.recv();
}

}  // namespace

int main(int argc, char** argv) {
  const long count = argc > 1 ? std::atol(argv[1]) : 100'000;
  const char* const how = argc > 2 ? argv[2] : "live";
  if (std::strcmp(how, "locks") == 0) held.lock();
  for (long i = 0; i < count; ++i) {
    if (std::strcmp(how, "dead") == 0)
      snag::go(&wait_for_one_of_my_own);
    else if (std::strcmp(how, "locks") == 0)
      snag::go([] { held.lock(); });
    else
      snag::go([] { never.recv(); });
  }
  // Until nobody else runs.
  while (snag::runtime_stats().waiting_in_all() < count) snag::yield();
  std::printf("%ld goroutines are parked\n", count);
  return 0;
}
