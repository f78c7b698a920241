// SPDX-License-Identifier: Apache-2.0
// What grows with the number of goroutines or releases, and what must not: scale_rows ROW SIZE prints, for
// the row at that size, a line `ROW METRIC VALUE` for each figure. measure.py builds this with and without
// -race.
#include <snag/snag.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <map>
#include <mutex>
#include <string>

namespace {

using clock_type = std::chrono::steady_clock;

double nanoseconds_since(clock_type::time_point start) {
  return std::chrono::duration<double, std::nano>(clock_type::now() - start).count();
}

// Resident memory and page tables of this process, in MiB.
double memory_in_mebibytes() {
  std::ifstream status("/proc/self/status");
  double kibibytes = 0;
  for (std::string word; status >> word;) {
    if (word != "VmRSS:" && word != "VmPTE:") continue;
    double value = 0;
    status >> value;
    kibibytes += value;
  }
  return kibibytes / 1024;
}

void print(const char* row, const char* metric, double value) {
  std::printf("%s %s %.3f\n", row, metric, value);
}

// `size` goroutines, all alive, take turns with one mutex: 4,000,000 times together, and at least 4 times
// each.
void one_mutex(const char* row, long size) {
  const long turns = std::max(4L, 4'000'000 / size);
  snag::chan<int> start;
  snag::mutex mutex;
  long counter = 0;
  snag::wait_group ready, done;
  ready.add(static_cast<int>(size));
  for (long i = 0; i < size; ++i) {
    done.go([&, start] {
      ready.done();
      start.recv();
      for (long turn = 0; turn < turns; ++turn) {
        const std::lock_guard lock(mutex);
        ++counter;
      }
    });
  }
  ready.wait();
  const auto begin = clock_type::now();
  start.close();
  done.wait();
  const double taken = nanoseconds_since(begin);
  if (counter != size * turns) std::abort();
  print(row, "ns", taken / static_cast<double>(counter));
  print(row, "MiB", memory_in_mebibytes());
}

// `size` goroutines, about a hundred at a time, with a variable of their own; nobody waits for a single one
// of them.
void short_goroutines(const char* row, long size) {
  const auto begin = clock_type::now();
  for (long i = 0; i < size; ++i) {
    snag::go([i] {
      volatile long own = i;
      own = own + 1;
    });
    if (i % 100 == 0) snag::yield();
  }
  print(row, "ns", nanoseconds_since(begin) / static_cast<double>(size));
  print(row, "MiB", memory_in_mebibytes());
}

// Two goroutines release and acquire `size` times together, each with a write under the lock.
void releases(const char* row, long size) {
  snag::mutex mutex;
  long counter = 0;
  snag::wait_group both;
  const auto begin = clock_type::now();
  for (int side = 0; side < 2; ++side) {
    both.go([&] {
      for (long i = 0; i < size / 2; ++i) {
        const std::lock_guard lock(mutex);
        ++counter;
      }
    });
  }
  both.wait();
  print(row, "ns", nanoseconds_since(begin) / static_cast<double>(size));
  print(row, "MiB", memory_in_mebibytes());
}

}  // namespace

int main(int count, char** words) {
  const std::map<std::string, std::function<void(const char*, long)>> rows = {
      {"one_mutex", one_mutex}, {"short_goroutines", short_goroutines}, {"releases", releases}};
  const auto row = rows.find(count == 3 ? words[1] : "");
  const long size = count == 3 ? std::atol(words[2]) : 0;
  if (row == rows.end() || size < 1) {
    std::fprintf(stderr, "usage: %s one_mutex|short_goroutines|releases SIZE\n", words[0]);
    return 64;
  }
  row->second(row->first.c_str(), size);
}
