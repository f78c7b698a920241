// SPDX-License-Identifier: Apache-2.0
#pragma once
// Rows of the table of what checking costs (measure.py): each a function that does some 0.1 s of work as it
// is, in a process of its own. A thread that has synchronised with nobody is parked all the while, so that no
// detector may think that there is but one.
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace rows {

struct row {
  const char* name;
  std::uint64_t (*work)();  // answers something that depends on all it did
};

// A random number generator that is the same everywhere (G. Marsaglia, Xorshift RNGs, 2003).
class xorshift {
 public:
  explicit xorshift(std::uint64_t seed) : x_(seed) {}
  std::uint64_t operator()() {
    x_ ^= x_ << 13;
    x_ ^= x_ >> 7;
    return x_ ^= x_ << 17;
  }

 private:
  std::uint64_t x_;
};

// The largest resident set so far. (Of getrusage's, what was before exec is a part.)
inline long peak_kib() {
  long kib = 0;
  if (std::FILE* const status = std::fopen("/proc/self/status", "r")) {
    char line[256];
    while (std::fgets(line, sizeof line, status) != nullptr)
      if (std::sscanf(line, "VmHWM: %ld", &kib) == 1) break;
    std::fclose(status);
  }
  return kib;
}

// `PROGRAM`: names the rows. `PROGRAM ROW ROUNDS`: a line of seconds for each round, after one to get
// warm, and one of the largest resident set in KiB.
template <class Rows>
int run(int argc, char** argv, const Rows& all, void (*park_somebody)()) {
  if (argc < 2) {
    for (const row& r : all) std::puts(r.name);
    return 0;
  }
  for (const row& r : all) {
    if (std::string_view(argv[1]) != r.name) continue;
    park_somebody();
    const int rounds = argc > 2 ? std::atoi(argv[2]) : 1;
    std::uint64_t result = r.work();
    for (int i = 0; i < rounds; ++i) {
      const auto begin = std::chrono::steady_clock::now();
      result += r.work();
      const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - begin;
      std::printf("%.6f\n", taken.count());
    }
    std::fprintf(stderr, "%llu\n", static_cast<unsigned long long>(result));
    std::printf("%ld\n", peak_kib());
    return 0;
  }
  std::fprintf(stderr, "no row %s\n", argv[1]);
  return 64;
}

}  // namespace rows
