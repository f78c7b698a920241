// SPDX-License-Identifier: Apache-2.0
// Locks, groups, timers and contexts, uncontended and contended.
#include <benchmark/benchmark.h>

#include <mutex>
#include <shared_mutex>

#include "snag/snag.h"

namespace {

using namespace snag;
using namespace std::chrono_literals;

void uncontended_mutex(benchmark::State& state) {
  mutex m;
  for (auto _ : state) {
    m.lock();
    m.unlock();
  }
}
BENCHMARK(uncontended_mutex);

void uncontended_std_mutex_on_a_goroutine(benchmark::State& state) {
  std::mutex m;
  for (auto _ : state) {
    m.lock();
    m.unlock();
  }
}
BENCHMARK(uncontended_std_mutex_on_a_goroutine);

void contended_mutex(benchmark::State& state) {  // `range` goroutines; time a lock-unlock of any of them
  mutex m;
  wait_group wg;
  const long each = 1000;
  for (auto _ : state) {
    for (int i = 0; i < state.range(0); ++i) {
      wg.go([&] {
        for (long k = 0; k < each; ++k) {
          const std::lock_guard lock(m);
        }
      });
    }
    wg.wait();
  }
  state.SetItemsProcessed(state.iterations() * state.range(0) * each);
}
BENCHMARK(contended_mutex)->Arg(2)->Arg(16)->UseRealTime();

void uncontended_reader(benchmark::State& state) {
  shared_mutex m;
  for (auto _ : state) {
    m.lock_shared();
    m.unlock_shared();
  }
}
BENCHMARK(uncontended_reader);

void uncontended_writer(benchmark::State& state) {
  shared_mutex m;
  for (auto _ : state) {
    m.lock();
    m.unlock();
  }
}
BENCHMARK(uncontended_writer);

void wait_group_add_done(benchmark::State& state) {
  wait_group wg;
  for (auto _ : state) {
    wg.add(1);
    wg.done();
  }
}
BENCHMARK(wait_group_add_done);

void wait_group_go_and_wait(benchmark::State& state) {
  for (auto _ : state) {
    wait_group wg;
    wg.go([] {});
    wg.wait();
  }
}
BENCHMARK(wait_group_go_and_wait)->UseRealTime();

void once_done(benchmark::State& state) {
  once o;
  for (auto _ : state) o.call([] {});
}
BENCHMARK(once_done);

void notify_and_wait(benchmark::State& state) {
  mutex m;
  condition_variable c;
  bool ping = false, stop = false;
  wait_group wg;
  wg.go([&] {
    std::unique_lock lock(m);
    while (!stop) {
      c.wait(lock, [&] { return ping || stop; });
      ping = false;
      c.notify_one();
    }
  });
  for (auto _ : state) {
    std::unique_lock lock(m);
    ping = true;
    c.notify_one();
    c.wait(lock, [&] { return !ping; });
  }
  {
    const std::lock_guard lock(m);
    stop = true;
    c.notify_one();
  }
  wg.wait();
}
BENCHMARK(notify_and_wait)->UseRealTime();

void make_and_stop_timer(benchmark::State& state) {
  for (auto _ : state) timer(1h).stop();
}
BENCHMARK(make_and_stop_timer);

void context_with_cancel(benchmark::State& state) {
  for (auto _ : state) {
    auto [ctx, cancel] = with_cancel(context::background());
    cancel();
  }
}
BENCHMARK(context_with_cancel);

void context_with_timeout(benchmark::State& state) {
  for (auto _ : state) {
    auto [ctx, cancel] = with_timeout(context::background(), 1h);
    cancel();
  }
}
BENCHMARK(context_with_timeout);

}  // namespace
