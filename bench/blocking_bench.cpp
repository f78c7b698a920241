// SPDX-License-Identifier: Apache-2.0
// What blocking() costs a call that does not block, alone and while another goroutine waits for the worker.
#include "snag/blocking.h"

#include <benchmark/benchmark.h>
#include <unistd.h>

#include "snag/snag.h"

namespace {

void plain_getppid(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(getppid());
}
BENCHMARK(plain_getppid)->UseRealTime();

void blocking_getppid(benchmark::State& state) {
  snag::max_procs(static_cast<int>(state.range(0)));
  for (auto _ : state) benchmark::DoNotOptimize(snag::blocking(getppid));
}
BENCHMARK(blocking_getppid)->Arg(1)->Arg(2)->UseRealTime();

void blocking_getppid_while_another_is_ready(benchmark::State& state) {
  snag::max_procs(1);
  bool stop = false;
  snag::wait_group done;
  done.go([&] {
    while (!stop) snag::yield();
  });
  for (auto _ : state) {
    benchmark::DoNotOptimize(snag::blocking(getppid));
    snag::yield();
  }
  stop = true;
  done.wait();
}
BENCHMARK(blocking_getppid_while_another_is_ready)->UseRealTime();

}  // namespace
