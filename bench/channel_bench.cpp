// SPDX-License-Identifier: Apache-2.0
// What a channel operation costs, and what being observable costs it: BM_x without an observer, BM_observed_x
// with one that does nothing, told of everything. channel_unobservable_bench is this file with the channel
// core compiled so that nobody can be installed: the difference to BM_x is the price of the branch.
#include <benchmark/benchmark.h>

#include <string>

#include "runtime/events.h"
#include "snag/snag.h"

namespace {

using namespace snag;

class silent_observer final : public events::observer {};
silent_observer silent;

// A benchmark runs with or without it; installing it again and again is for nobody else.
struct observed {
  explicit observed(bool on) {
    events::detail::current_observer = events::detail::current_listener = on ? &silent : nullptr;
  }
  ~observed() { events::detail::current_observer = events::detail::current_listener = nullptr; }
};

template <class T>
T element() {
  if constexpr (std::is_same_v<T, std::string>)
    return "x";
  else
    return T{};
}

template <class T, bool Observed>
void buffered_transfer(benchmark::State& state) {  // one send and one receive, nobody else
  const observed by(Observed);
  chan<T> c(128);
  for (auto _ : state) {
    c << element<T>();
    benchmark::DoNotOptimize(c.recv());
  }
}
BENCHMARK(buffered_transfer<int, false>)->Name("BM_buffered_transfer/int");
BENCHMARK(buffered_transfer<std::string, false>)->Name("BM_buffered_transfer/string");

template <bool Observed>
void round_trip(benchmark::State& state) {  // two goroutines, two unbuffered channels
  const observed by(Observed);
  chan<int> there, back;
  go([=] {
    for (int v : there) back << v;
    back.close();
  });
  for (auto _ : state) {
    there << 1;
    back.recv();
  }
  there.close();
  (void)back.next();
}
BENCHMARK(round_trip<false>)->Name("BM_round_trip")->UseRealTime();

template <bool Observed>
void failed_try(benchmark::State& state) {
  const observed by(Observed);
  chan<int> c;
  for (auto _ : state) {
    int v;
    benchmark::DoNotOptimize(c.try_recv(v));
    benchmark::DoNotOptimize(c.try_send(1));
  }
}
BENCHMARK(failed_try<false>)->Name("BM_failed_try_both");

template <bool Observed>
void select_of_two(benchmark::State& state) {  // both ready
  const observed by(Observed);
  chan<int> a(1), b(1);
  a << 1;
  b << 1;
  for (auto _ : state) {
    if (select(on_recv(a), on_recv(b)) == 0)
      a << 1;
    else
      b << 1;
  }
}
BENCHMARK(select_of_two<false>)->Name("BM_select_of_two_and_send");

void select_default(benchmark::State& state) {
  chan<int> a, b;
  for (auto _ : state) benchmark::DoNotOptimize(select(on_recv(a), on_recv(b), on_default()));
}
BENCHMARK(select_default)->Name("BM_select_default");

void producer_consumer(benchmark::State& state) {
  chan<int> c(state.range(0)), done;
  go([=] {
    long n = 0;
    for (int v : c) n += v;
    done << static_cast<int>(n);
  });
  for (auto _ : state) c << 1;
  c.close();
  done.recv();
}
BENCHMARK(producer_consumer)->Name("BM_producer_consumer")->Arg(0)->Arg(10)->Arg(100)->UseRealTime();

void make_channel(benchmark::State& state) {
  for (auto _ : state) {
    chan<int> c(8);
    benchmark::DoNotOptimize(c);
  }
}
BENCHMARK(make_channel)->Name("BM_make_channel");

void copy_handle(benchmark::State& state) {
  chan<int> c;
  for (auto _ : state) {
    chan<int> copy = c;
    benchmark::DoNotOptimize(copy);
  }
}
BENCHMARK(copy_handle)->Name("BM_copy_handle");

#ifndef SNAG_UNOBSERVABLE
BENCHMARK(buffered_transfer<int, true>)->Name("BM_observed_buffered_transfer/int");
BENCHMARK(buffered_transfer<std::string, true>)->Name("BM_observed_buffered_transfer/string");
BENCHMARK(round_trip<true>)->Name("BM_observed_round_trip")->UseRealTime();
BENCHMARK(failed_try<true>)->Name("BM_observed_failed_try_both");
BENCHMARK(select_of_two<true>)->Name("BM_observed_select_of_two_and_send");
#endif

}  // namespace
