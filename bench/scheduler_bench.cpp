// SPDX-License-Identifier: Apache-2.0
// What the scheduler costs: yields, wake-ups, spawning. The argument is max_procs.
#include <benchmark/benchmark.h>

#include "snag/go.h"
#include "snag/runtime.h"
#include "tests/runtime/gate.h"

namespace {

using snag::test::gate;

// Two goroutines that yield to each other: one iteration is a switch there and back.
void yield_pair(benchmark::State& state) {
  snag::max_procs(static_cast<int>(state.range(0)));
  bool stop = false;
  gate done;
  snag::go([&] {
    while (!__atomic_load_n(&stop, __ATOMIC_RELAXED)) snag::yield();
    done.add();
  });
  for (auto _ : state) snag::yield();
  __atomic_store_n(&stop, true, __ATOMIC_RELAXED);
  done.take();
}
BENCHMARK(yield_pair)->Arg(1)->Arg(2)->UseRealTime();

// Park and ready, to and fro: what an unbuffered channel does underneath.
void ping_pong(benchmark::State& state) {
  snag::max_procs(static_cast<int>(state.range(0)));
  gate ping, pong;
  bool stop = false;
  snag::go([&] {
    for (;;) {
      ping.take();
      if (stop) return pong.add();
      pong.add();
    }
  });
  for (auto _ : state) {
    ping.add();
    pong.take();
  }
  stop = true;
  ping.add();
  pong.take();
}
BENCHMARK(ping_pong)->Arg(1)->Arg(2)->UseRealTime();

void spawn_and_join_1000(benchmark::State& state) {
  snag::max_procs(static_cast<int>(state.range(0)));
  for (auto _ : state) {
    gate done;
    for (int i = 0; i < 1000; ++i) snag::go([&done] { done.add(); });
    done.take(1000);
  }
  state.SetItemsProcessed(state.iterations() * 1000);
}
BENCHMARK(spawn_and_join_1000)->Arg(1)->Arg(2)->UseRealTime();

struct skynet {
  static void run(long number, int size, long* sum, gate* done) {
    if (size == 1) {
      __atomic_fetch_add(sum, number, __ATOMIC_RELAXED);
    } else {
      gate children;
      for (int i = 0; i < 10; ++i) snag::go(run, number + i * (size / 10), size / 10, sum, &children);
      children.take(10);
    }
    done->add();
  }
};

void skynet_million(benchmark::State& state) {
  snag::max_procs(static_cast<int>(state.range(0)));
  for (auto _ : state) {
    long sum = 0;
    gate done;
    snag::go(skynet::run, 0L, 1'000'000, &sum, &done);
    done.take();
    if (sum != 499'999'500'000) state.SkipWithError("wrong sum");
  }
}
BENCHMARK(skynet_million)->Arg(1)->Arg(2)->Unit(benchmark::kMillisecond)->UseRealTime();

void parked_goroutines(benchmark::State& state) {
  const auto n = state.range(0);
  for (auto _ : state) {
    gate hold, done;
    for (int i = 0; i < n; ++i)
      snag::go([&] {
        hold.take();
        done.add();
      });
    while (snag::num_goroutine() <= n) snag::yield();
    for (int i = 0; i < n; ++i) hold.add();
    done.take(static_cast<int>(n));
  }
  state.SetItemsProcessed(state.iterations() * n);
}
BENCHMARK(parked_goroutines)->Arg(100'000)->Unit(benchmark::kMillisecond)->UseRealTime();

void clock_read(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(snag::detail::now());
}
BENCHMARK(clock_read);

void current(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(&snag::detail::current());
}
BENCHMARK(current);

}  // namespace
