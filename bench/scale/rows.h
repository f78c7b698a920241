// SPDX-License-Identifier: Apache-2.0
#pragma once
// The rows of bench/scale, by what grows: each runs its operations at a size and prints its figures, a line
// `ROW METRIC VALUE` each. `ns` is the time for one operation, `MiB` the memory at its largest.
#include <snag/snag.h>

#include <chrono>
#include <cstdio>
#include <fstream>
#include <string>

namespace scale {

using clock_type = std::chrono::steady_clock;

inline double nanoseconds_since(clock_type::time_point start) {
  return std::chrono::duration<double, std::nano>(clock_type::now() - start).count();
}

// Resident memory of this process, at its largest, and page tables, in MiB.
inline double memory_in_mebibytes() {
  std::ifstream status("/proc/self/status");
  double kibibytes = 0;
  for (std::string word; status >> word;) {
    if (word != "VmHWM:" && word != "VmPTE:") continue;
    double value = 0;
    status >> value;
    kibibytes += value;
  }
  return kibibytes / 1024;
}

inline void print(const char* row, const char* metric, double value) {
  std::printf("%s %s %.3f\n", row, metric, value);
}
inline void print(const char* row, double nanoseconds, long operations) {
  print(row, "ns", nanoseconds / static_cast<double>(operations));
  print(row, "MiB", memory_in_mebibytes());
}

// size: goroutines (goroutine_rows.cpp)
void one_mutex(const char* row, long size);
void own_work(const char* row, long size);
void short_goroutines(const char* row, long size);

// size: entries of the clock that is passed on (clock_rows.cpp)
void clock_mutex(const char* row, long size);
void clock_channel(const char* row, long size);
void clock_atomic(const char* row, long size);

// size: MiB (memory_rows.cpp)
void memory_fresh(const char* row, long size);
void memory_again(const char* row, long size);
void memory_known(const char* row, long size);
void memory_random(const char* row, long size);

// size: releases, or accesses between two of them (release_rows.cpp)
void releases(const char* row, long size);
void own_fields(const char* row, long size);
void handed_fields(const char* row, long size);
void own_array(const char* row, long size);
void handed_array(const char* row, long size);

}  // namespace scale
