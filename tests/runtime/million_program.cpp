// SPDX-License-Identifier: Apache-2.0
// A million goroutines parked at once on the kernel's default settings: what each keeps, page tables
// included, how many mappings that takes, and that all of them come to their end. Prints the figures; fails
// if a goroutine keeps more than 4,400 bytes, or the mappings come near the limit of 65,530.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <string>

#include "runtime/src/stack_arena.h"
#include "snag/snag.h"

namespace {

constexpr int goroutines = 1'000'000;

// Resident memory and page tables, bytes.
double memory_in_use() {
  std::ifstream status("/proc/self/status");
  double sum = 0;
  for (std::string line; std::getline(status, line);)
    if (line.starts_with("VmRSS:") || line.starts_with("VmPTE:")) sum += 1024 * std::atof(line.c_str() + 6);
  return sum;
}

int mappings() {
  std::ifstream maps("/proc/self/maps");
  int n = 0;
  for (std::string line; std::getline(maps, line);) ++n;
  return n;
}

bool expect(bool holds, const char* what) {
  if (!holds) std::fprintf(stderr, "not so: %s\n", what);
  return holds;
}

}  // namespace

int main() {
  using clock = std::chrono::steady_clock;
  const auto seconds_since = [](clock::time_point start) {
    return std::chrono::duration<double>(clock::now() - start).count();
  };
  snag::chan<int> closed_at_the_end;
  snag::wait_group parked, ended;
  parked.add(goroutines);
  ended.add(goroutines);
  const double before = memory_in_use();
  const auto start = clock::now();
  for (int i = 0; i < goroutines; ++i)
    snag::go([=] {
      parked.done();
      static_cast<void>(closed_at_the_end.recv());
      ended.done();
    });
  parked.wait();
  const double spawned_in = seconds_since(start);
  const double each = (memory_in_use() - before) / goroutines;
  const int maps = mappings();
  const auto released = clock::now();
  closed_at_the_end.close();
  ended.wait();
  const double drained_in = seconds_since(released);

  const bool guarded =
      snag::detail::stack_arena::instance().guards() == snag::detail::stack_arena::guard_kind::madvise;
  std::printf("%d parked: %.0f bytes each, %d mappings, guards %s; spawned in %.1f s, drained in %.1f s\n",
              goroutines, each, maps, guarded ? "by madvise" : "as said on stderr", spawned_in, drained_in);
  bool ok = expect(each <= 4400, "4,400 bytes each");
  ok = expect(maps < 60'000, "fewer than 60,000 mappings") && ok;
  return ok ? 0 : 1;
}
