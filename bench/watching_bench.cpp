// SPDX-License-Identifier: Apache-2.0
// What operations that do not wait cost when somebody watches. The same source is built plain, with -deadlock
// and with -race: bench/watching.py does it, and prints the figures side by side.
#include <benchmark/benchmark.h>

#include <memory>
#include <mutex>
#include <shared_mutex>
#include <thread>
#include <vector>

#include "snag/snag.h"

namespace {

using namespace snag;

template <class Mutex>
void lock_and_unlock(benchmark::State& state) {
  Mutex m;
  for (auto _ : state) {
    m.lock();
    m.unlock();
  }
}
BENCHMARK(lock_and_unlock<snag::mutex>);
BENCHMARK(lock_and_unlock<snag::shared_mutex>);
BENCHMARK(lock_and_unlock<std::mutex>);

template <class Mutex>
void lock_and_unlock_for_reading(benchmark::State& state) {
  Mutex m;
  for (auto _ : state) {
    m.lock_shared();
    m.unlock_shared();
  }
}
BENCHMARK(lock_and_unlock_for_reading<snag::shared_mutex>);
BENCHMARK(lock_and_unlock_for_reading<std::shared_mutex>);

void lock_two_and_unlock(benchmark::State& state) {
  snag::mutex a, b;
  for (auto _ : state) {
    const std::lock_guard first(a);
    const std::lock_guard second(b);
    benchmark::ClobberMemory();
  }
}
BENCHMARK(lock_two_and_unlock);

void lock_and_unlock_on_a_thread(benchmark::State& state) {
  std::thread([&] {
    std::mutex m;
    for (auto _ : state) {
      m.lock();
      m.unlock();
    }
  }).join();
}
BENCHMARK(lock_and_unlock_on_a_thread);

template <class Handle>
void copy_and_destroy(benchmark::State& state, const Handle& handle) {
  for (auto _ : state) {
    const Handle copy(handle);
    benchmark::DoNotOptimize(&copy);
  }
}
void copy_and_destroy_channel(benchmark::State& state) { copy_and_destroy(state, chan<int>()); }
void copy_and_destroy_wait_group(benchmark::State& state) { copy_and_destroy(state, wait_group()); }
void copy_and_destroy_context(benchmark::State& state) {
  const auto [ctx, cancel] = with_cancel(context::background());
  copy_and_destroy(state, ctx);
}
BENCHMARK(copy_and_destroy_channel);
BENCHMARK(copy_and_destroy_wait_group);
BENCHMARK(copy_and_destroy_context);

// In no order that a cache could like.
void copy_and_destroy_thousands(benchmark::State& state) {
  constexpr std::size_t many = 4096;
  const chan<int> c;
  std::vector<chan<int>> copies(many, chan<int>(nullptr));
  std::size_t at = 0;
  for (auto _ : state) {
    copies[at] = c;  // the one that was there goes
    at = (at * 5 + 1) % many;
  }
}
BENCHMARK(copy_and_destroy_thousands);

void allocate_and_free(benchmark::State& state) {
  for (auto _ : state) {
    auto block = std::make_unique<char[]>(64);
    benchmark::DoNotOptimize(block.get());
  }
}
BENCHMARK(allocate_and_free);

// One that waits, for comparison: there and back.
void rendezvous_there_and_back(benchmark::State& state) {
  chan<int> there, back;
  go([there, back] {
    while (auto v = there.next()) back.send(*v);
  });
  for (auto _ : state) {
    there.send(1);
    back.recv();
  }
  there.close();
}
// (By the clock: they go from thread to thread, and processor time is one thread's.)
BENCHMARK(rendezvous_there_and_back)->UseRealTime();

void start_and_end_a_goroutine(benchmark::State& state) {
  wait_group wg;
  for (auto _ : state) {
    wg.add();
    go([&wg] { wg.done(); });
    wg.wait();
  }
}
BENCHMARK(start_and_end_a_goroutine)->UseRealTime();

}  // namespace

BENCHMARK_MAIN();
