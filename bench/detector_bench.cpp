// SPDX-License-Identifier: Apache-2.0
// What the detector's slow path and events cost, without plugin and runtime: one thread plays the goroutines.
#include <benchmark/benchmark.h>

#include "detector/hooks.h"
#include "detector/src/observer.h"
#include "detector/src/race.h"

namespace {

using namespace snag;

constexpr std::size_t bytes = 1 << 20;
alignas(4096) std::byte memory[bytes];
hooks::site where{.size = 8};

struct goroutines {
  detector::core_observer& core = detector::the_observer();
  events::actor self, a, b;
  events::object object, channel;
  explicit goroutines() {
    core.on_created(a, &main_actor(), {});
    core.on_created(b, &main_actor(), {});
    run(a);
  }
  ~goroutines() {
    core.on_switched(nullptr, &main_actor());
    for (events::actor* g : {&a, &b}) core.on_ended(*g, {});
    for (events::object* o : {&object, &channel}) core.on_object_destroyed(*o);
    detector::on_unmapped(memory, bytes);
  }
  void run(events::actor& g) { core.on_switched(nullptr, &g); }
  void release() { core.on_released(a, object, 0, {}); }
  static events::actor& main_actor() {
    static events::actor m;
    static const bool known =
        (m.id = events::goroutine_id::main, detector::the_observer().on_created(m, nullptr, {}), true);
    (void)known;
    return m;
  }
};

void count(benchmark::State& state) {
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()) *
                          static_cast<std::int64_t>(bytes / 8));
}

void first_write_of_8_bytes(benchmark::State& state) {
  goroutines g;
  for (auto _ : state) {
    state.PauseTiming();
    detector::on_unmapped(memory, bytes);
    state.ResumeTiming();
    for (std::size_t i = 0; i < bytes; i += 8) __snag_write8(memory + i, &where);
  }
  count(state);
}
BENCHMARK(first_write_of_8_bytes);

void write_of_8_bytes_in_a_new_epoch(benchmark::State& state) {
  goroutines g;
  for (auto _ : state) {
    g.release();
    for (std::size_t i = 0; i < bytes; i += 8) __snag_write8(memory + i, &where);
  }
  count(state);
}
BENCHMARK(write_of_8_bytes_in_a_new_epoch);

void read_of_8_bytes_in_a_new_epoch(benchmark::State& state) {
  goroutines g;
  for (auto _ : state) {
    g.release();
    for (std::size_t i = 0; i < bytes; i += 8) __snag_read8(memory + i, &where);
  }
  count(state);
}
BENCHMARK(read_of_8_bytes_in_a_new_epoch);

void write_of_8_bytes_on_record(benchmark::State& state) {  // what the inline check answers without a call
  goroutines g;
  for (auto _ : state)
    for (std::size_t i = 0; i < bytes; i += 8) __snag_write8(memory + i, &where);
  count(state);
}
BENCHMARK(write_of_8_bytes_on_record);

void read_of_8_shared_bytes_on_record(
    benchmark::State& state) {  // two readers; 512 granules, as the filter holds
  goroutines g;
  constexpr std::size_t part = 2048;
  for (events::actor* reader : {&g.b, &g.a}) {
    g.run(*reader);
    for (std::size_t i = 0; i < part; i += 8) __snag_read8(memory + i, &where);
  }
  for (auto _ : state)
    for (std::size_t k = 0; k < bytes; k += 8) __snag_read8(memory + k % part, &where);
  count(state);
}
BENCHMARK(read_of_8_shared_bytes_on_record);

void write_of_a_range_in_a_new_epoch(benchmark::State& state) {
  goroutines g;
  for (auto _ : state) {
    g.release();
    __snag_write_range(memory, bytes, &where);
  }
  count(state);
}
BENCHMARK(write_of_a_range_in_a_new_epoch);

void atomic_add(benchmark::State& state) {
  goroutines g;
  auto* at = reinterpret_cast<std::uint64_t*>(memory);
  for (auto _ : state)
    __snag_atomic64_update(at, 1, static_cast<std::uint32_t>(hooks::atomic_operation::add),
                           static_cast<std::uint32_t>(state.range(0)), &where);
}
BENCHMARK(atomic_add)->Arg(0)->Arg(5)->ArgName("order");

void mutex_handed_to_and_fro(benchmark::State& state) {
  goroutines g;
  for (auto _ : state) {
    g.core.on_acquired(g.a, g.object, 0, {});
    g.core.on_released(g.a, g.object, 0, {});
    g.core.on_acquired(g.b, g.object, 0, {});
    g.core.on_released(g.b, g.object, 0, {});
  }
  state.SetItemsProcessed(state.iterations() * 2);
}
BENCHMARK(mutex_handed_to_and_fro);

void rendezvous(benchmark::State& state) {
  goroutines g;
  for (auto _ : state) g.core.on_rendezvous(g.a, g.b, g.channel, events::direction::send, {});
}
BENCHMARK(rendezvous);

void go_write_and_end(benchmark::State& state) {
  goroutines g;
  for (auto _ : state) {
    events::actor child;
    g.core.on_created(child, &g.a, {});
    g.run(child);
    __snag_write8(memory + 64, &where);
    g.core.on_released_merging(child, g.object, 0, {});
    g.core.on_ended(child, {});
    g.run(g.a);
    g.core.on_acquired(g.a, g.object, 0, {});
  }
}
BENCHMARK(go_write_and_end);

}  // namespace
