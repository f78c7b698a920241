// SPDX-License-Identifier: Apache-2.0
// Read-modify-writes in every order, as the one that announces data and as the one that looks for it: of the
// two halves, acquire strengthens the load and release the store.
#include "litmus.h"

namespace {

using object = std::atomic<int>;

// A read-modify-write that changes 6 to something else announces the data.
template <class Operation>
void announce_by(Operation operation) {
  int data = 0;
  object flag = 6;
  in_goroutines(
      [&] {
        data = 1;
        operation(flag);
      },
      [&] {
        while (flag.load(acquire) == 6) snag::yield();
        look_at(data);
      });
}

// A read-modify-write that leaves 0 as it is, and whose result is the old value, looks for the data.
template <class Operation>
void look_by(Operation operation) {
  int data = 0;
  object flag = 0;
  in_threads(
      [&] {
        data = 1;
        flag.store(6, release);
      },
      [&] {
        while (operation(flag) == 0) snag::yield();
        look_at(data);
      });
}

// Two users of some data who count themselves out; the last one writes to it.
void last_one_writes(std::memory_order leave, std::memory_order fence) {
  int data = 0;
  object users = 2;
  const auto use = [&] {
    look_at(data);
    if (users.fetch_sub(1, leave) == 1) {
      std::atomic_thread_fence(fence);
      data = 1;
    }
  };
  in_goroutines(use, use);
}

// Three write, meet at a counter, and read what their neighbour wrote.
void meet_at_counter(std::memory_order arrive, std::memory_order look) {
  int data[3] = {};
  object arrived = 0;
  const auto party = [&](int self) {
    data[self] = 1;
    arrived.fetch_add(1, arrive);
    await(arrived, 3, look);
    look_at(data[(self + 1) % 3]);
  };
  in_goroutines([&] { party(0); }, [&] { party(1); }, [&] { party(2); });
}

}  // namespace

RACE(exchange_relaxed_announces_nothing, "[atomics.order]/1: relaxed is no release operation") {
  announce_by([](object& o) { o.exchange(1, relaxed); });
}

RACE(exchange_consume_announces_nothing, "[atomics.order]/1: consume is no release operation") {
  announce_by([](object& o) { o.exchange(1, consume); });
}

RACE(exchange_acquire_announces_nothing, "[atomics.order]/1: acquire is no release operation") {
  announce_by([](object& o) { o.exchange(1, acquire); });
}

NO_RACE(exchange_release_announces, "[atomics.order]/2: the load reads what the release exchange wrote") {
  announce_by([](object& o) { o.exchange(1, release); });
}

NO_RACE(exchange_acq_rel_announces, "[atomics.order]/1: acq_rel is a release operation") {
  announce_by([](object& o) { o.exchange(1, acq_rel); });
}

NO_RACE(exchange_seq_cst_announces, "[atomics.order]/1: seq_cst is a release operation") {
  announce_by([](object& o) { o.exchange(1); });
}

RACE(exchange_relaxed_acquires_nothing, "[atomics.order]/1: relaxed is no acquire operation") {
  look_by([](object& o) { return o.exchange(0, relaxed); });
}

RACE(exchange_release_acquires_nothing, "[atomics.order]/1: release is no acquire operation") {
  look_by([](object& o) { return o.exchange(0, release); });
}

NO_RACE(exchange_acquire_acquires, "[atomics.order]/2: the exchange reads from the release store") {
  look_by([](object& o) { return o.exchange(0, acquire); });
}

NO_RACE(exchange_acq_rel_acquires, "[atomics.order]/1: acq_rel is an acquire operation") {
  look_by([](object& o) { return o.exchange(0, acq_rel); });
}

NO_RACE(exchange_seq_cst_acquires, "[atomics.order]/1: seq_cst is an acquire operation") {
  look_by([](object& o) { return o.exchange(0); });
}

RACE(fetch_add_relaxed_announces_nothing, "[atomics.order]/1: relaxed is no release operation") {
  announce_by([](object& o) { o.fetch_add(1, relaxed); });
}

NO_RACE(fetch_add_release_announces, "[atomics.order]/2: read by an acquire load") {
  announce_by([](object& o) { o.fetch_add(1, release); });
}

RACE(fetch_add_release_acquires_nothing, "[atomics.order]/1: release is no acquire operation") {
  look_by([](object& o) { return o.fetch_add(0, release); });
}

NO_RACE(fetch_add_acquire_acquires, "[atomics.order]/2: reads from the release store") {
  look_by([](object& o) { return o.fetch_add(0, acquire); });
}

RACE(fetch_sub_acquire_announces_nothing, "[atomics.order]/1: acquire is no release operation") {
  announce_by([](object& o) { o.fetch_sub(1, acquire); });
}

NO_RACE(fetch_sub_acq_rel_announces, "[atomics.order]/2: read by an acquire load") {
  announce_by([](object& o) { o.fetch_sub(1, acq_rel); });
}

RACE(fetch_sub_relaxed_acquires_nothing, "[atomics.order]/1: relaxed is no acquire operation") {
  look_by([](object& o) { return o.fetch_sub(0, relaxed); });
}

NO_RACE(fetch_sub_acq_rel_acquires, "[atomics.order]/2: reads from the release store") {
  look_by([](object& o) { return o.fetch_sub(0, acq_rel); });
}

RACE(fetch_and_relaxed_announces_nothing, "[atomics.order]/1: relaxed is no release operation") {
  announce_by([](object& o) { o.fetch_and(2, relaxed); });
}

NO_RACE(fetch_and_release_announces, "[atomics.order]/2: read by an acquire load") {
  announce_by([](object& o) { o.fetch_and(2, release); });
}

RACE(fetch_and_release_acquires_nothing, "[atomics.order]/1: release is no acquire operation") {
  look_by([](object& o) { return o.fetch_and(-1, release); });
}

NO_RACE(fetch_and_acquire_acquires, "[atomics.order]/2: reads from the release store") {
  look_by([](object& o) { return o.fetch_and(-1, acquire); });
}

RACE(fetch_or_acquire_announces_nothing, "[atomics.order]/1: acquire is no release operation") {
  announce_by([](object& o) { o.fetch_or(1, acquire); });
}

NO_RACE(fetch_or_seq_cst_announces, "[atomics.types.operations]: the operator is seq_cst") {
  announce_by([](object& o) { o |= 1; });
}

RACE(fetch_or_relaxed_acquires_nothing, "[atomics.order]/1: relaxed is no acquire operation") {
  look_by([](object& o) { return o.fetch_or(0, relaxed); });
}

NO_RACE(fetch_or_seq_cst_acquires, "[atomics.types.operations]: the default is seq_cst") {
  look_by([](object& o) { return o.fetch_or(0); });
}

RACE(fetch_xor_relaxed_announces_nothing, "[atomics.order]/1: relaxed is no release operation") {
  announce_by([](object& o) { o.fetch_xor(1, relaxed); });
}

NO_RACE(fetch_xor_release_announces, "[atomics.order]/2: read by an acquire load") {
  announce_by([](object& o) { o.fetch_xor(1, release); });
}

RACE(fetch_xor_release_acquires_nothing, "[atomics.order]/1: release is no acquire operation") {
  look_by([](object& o) { return o.fetch_xor(0, release); });
}

NO_RACE(fetch_xor_acquire_acquires, "[atomics.order]/2: reads from the release store") {
  look_by([](object& o) { return o.fetch_xor(0, acquire); });
}

NO_RACE(increment_is_seq_cst, "[atomics.types.operations]: ++ and -- are seq_cst") {
  announce_by([](object& o) { ++o; });
}

NO_RACE(last_user_by_acq_rel, "[atomics.order]/2: the last one reads what the other's release wrote") {
  last_one_writes(acq_rel, relaxed);
}

NO_RACE(last_user_by_release_and_a_fence, "[atomics.fences]/4: a release operation and an acquire fence") {
  last_one_writes(release, acquire);
}

RACE(last_user_without_an_acquire, "[atomics.order]/1: the last one's release acquires nothing") {
  last_one_writes(release, relaxed);
}

RACE(last_user_without_a_release, "[atomics.fences]/4: there is no release operation") {
  last_one_writes(relaxed, acquire);
}

RACE(last_user_by_acquire_alone, "[atomics.order]/1: acquire is no release operation") {
  last_one_writes(acquire, relaxed);
}

NO_RACE(counter_of_arrivals,
        "[intro.races]/5: the last arrival is in the release sequence of each before it") {
  meet_at_counter(release, acquire);
}

RACE(counter_of_arrivals_that_releases_nothing, "[atomics.order]/1: relaxed is no release operation") {
  meet_at_counter(relaxed, acquire);
}

RACE(counter_of_arrivals_that_acquires_only, "[atomics.order]/1: acquire is no release operation") {
  meet_at_counter(acquire, acquire);
}

RACE(counter_of_arrivals_read_relaxed, "[atomics.order]/1: a relaxed load is no acquire operation") {
  meet_at_counter(release, relaxed);
}

NO_RACE(counter_of_events, "[intro.races]/21: atomic, and read once all have been joined") {
  std::atomic<int> events = 0;
  const auto count = [&] {
    for (int i = 0; i < 10; ++i) events.fetch_add(1, relaxed);
  };
  in_threads(count, count, count);
  check(events.load(relaxed) == 30);
}
