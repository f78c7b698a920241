// SPDX-License-Identifier: Apache-2.0
#pragma once
// What the stress test does with one seed. Each scenario makes goroutines that use the primitives at random
// and says what is broken if an invariant does not hold; that it ends shows that no wake-up was lost.
#include <cstdint>
#include <random>

namespace snag::test {

// Says which scenario of which seed it was, and ends the process.
[[noreturn]] void broken(const char* what);
inline void must(bool holds, const char* what) {
  if (!holds) broken(what);
}

using random_source = std::mt19937_64;
inline int below(random_source& random, int n) {
  return static_cast<int>(random() % static_cast<unsigned>(n));
}

// Producers and consumers over a few channels, by every way to send and to receive: each value arrives
// exactly once, and what one producer sent on one channel arrives in order at each consumer.
void pass_values(std::uint64_t seed);
// Goroutines that each offer to send and to receive on several channels in one select: as many values are
// sent as received, and nobody meets itself.
void exchange_by_select(std::uint64_t seed);
// Mutex, shared mutex, condition variable, wait group and once around plain data.
void guard_data(std::uint64_t seed);
// Deadlines, tickers and stopped timers that race with what they are for.
void race_with_time(std::uint64_t seed);
// Trees of contexts, cancelled from anywhere.
void cancel_trees(std::uint64_t seed);

// Nobody but the caller is alive, and nobody waits. Goroutines that have reported their end may still be
// about to end: they are waited for.
void check_nothing_is_left();

}  // namespace snag::test
