// SPDX-License-Identifier: Apache-2.0
// Compare-exchange: one that succeeds is a read-modify-write by its first order; one that fails is only a
// load, by its second. The second may be the stronger one (since C++17).
#include "litmus.h"

namespace {

using object = std::atomic<int>;

// `operation` changes 0 to 1 and announces the data.
template <class Operation>
void announce_by(Operation operation) {
  int data = 0;
  object flag = 0;
  in_goroutines(
      [&] {
        data = 1;
        operation(flag);
      },
      [&] {
        await(flag, 1, acquire);
        look_at(data);
      });
}

// `operation` tells whether it has seen a 1.
template <class Operation>
void look_by(Operation operation) {
  int data = 0;
  object flag = 0;
  in_threads(
      [&] {
        data = 1;
        flag.store(1, release);
      },
      [&] {
        while (!operation(flag)) snag::yield();
        look_at(data);
      });
}

bool take(object& o, std::memory_order success, std::memory_order failure) {
  int expected = 1;
  return o.compare_exchange_strong(expected, 2, success, failure);
}

// Expects what never is, so it always fails; true once it has failed by reading a 1.
bool fail(object& o, std::memory_order success, std::memory_order failure) {
  int expected = 9;
  o.compare_exchange_strong(expected, 2, success, failure);
  return expected == 1;
}

bool fail(object& o, std::memory_order both) {
  int expected = 9;
  o.compare_exchange_weak(expected, 2, both);
  return expected == 1;
}

// Two who need a resource that is made on demand; both use the first one's.
void make_once(std::memory_order success, std::memory_order failure) {
  int resources[2] = {};
  std::atomic<int*> made = nullptr;
  const auto need = [&](int& mine) {
    mine = 1;
    int* used = nullptr;
    if (made.compare_exchange_strong(used, &mine, success, failure)) used = &mine;
    look_at(*used);
  };
  in_threads([&] { need(resources[0]); }, [&] { need(resources[1]); });
}

// A stack without locks: one pushes, the other pops what is there.
void push_and_pop(std::memory_order push, std::memory_order pop) {
  struct node {
    int value = 0;
    node* next = nullptr;
  };
  node only;
  std::atomic<node*> head = nullptr;
  in_goroutines(
      [&] {
        only.value = 1;
        only.next = head.load(relaxed);
        while (!head.compare_exchange_weak(only.next, &only, push, relaxed)) {
        }
      },
      [&] {
        node* top;
        while ((top = head.load(pop)) == nullptr) snag::yield();
        while (!head.compare_exchange_weak(top, top->next, relaxed, pop)) {
        }
        look_at(top->value);
      });
}

}  // namespace

RACE(success_relaxed_announces_nothing, "[atomics.types.operations]: success is by the first order") {
  announce_by([](object& o) {
    int expected = 0;
    o.compare_exchange_strong(expected, 1, relaxed, seq_cst);
  });
}

RACE(success_acquire_announces_nothing, "[atomics.order]/1: acquire is no release operation") {
  announce_by([](object& o) {
    int expected = 0;
    while (!o.compare_exchange_weak(expected, 1, acquire)) expected = 0;
  });
}

NO_RACE(success_release_announces, "[atomics.order]/2: the load reads what the exchange wrote") {
  announce_by([](object& o) {
    int expected = 0;
    o.compare_exchange_strong(expected, 1, release, relaxed);
  });
}

NO_RACE(success_weak_release_announces,
        "[atomics.types.operations]: weak may fail, and is no other operation") {
  announce_by([](object& o) {
    int expected = 0;
    while (!o.compare_exchange_weak(expected, 1, release)) expected = 0;
  });
}

NO_RACE(success_by_default_announces, "[atomics.types.operations]: the default is seq_cst") {
  announce_by([](object& o) {
    int expected = 0;
    o.compare_exchange_strong(expected, 1);
  });
}

RACE(success_relaxed_acquires_nothing,
     "[atomics.types.operations]: the failures' order is of no use to a success") {
  look_by([](object& o) { return take(o, relaxed, acquire); });
}

RACE(success_release_acquires_nothing, "[atomics.order]/1: release is no acquire operation") {
  look_by([](object& o) { return take(o, release, relaxed); });
}

NO_RACE(success_acquire_acquires, "[atomics.order]/2: the exchange reads from the release store") {
  look_by([](object& o) { return take(o, acquire, relaxed); });
}

NO_RACE(success_acq_rel_acquires, "[atomics.order]/2: the exchange reads from the release store") {
  look_by([](object& o) { return take(o, acq_rel, relaxed); });
}

NO_RACE(success_seq_cst_acquires, "[atomics.order]/2: the exchange reads from the release store") {
  look_by([](object& o) { return take(o, seq_cst, relaxed); });
}

RACE(failure_relaxed_acquires_nothing,
     "[atomics.types.operations]: a failure is a load by the second order") {
  look_by([](object& o) { return fail(o, seq_cst, relaxed); });
}

NO_RACE(failure_acquire_acquires, "[atomics.types.operations]: a failure is a load by the second order") {
  look_by([](object& o) { return fail(o, acq_rel, acquire); });
}

NO_RACE(failure_stronger_than_success,
        "[atomics.types.operations]: any acquire order may follow any first order") {
  look_by([](object& o) { return fail(o, relaxed, acquire); });
}

NO_RACE(failure_seq_cst_acquires, "[atomics.types.operations]: a failure is a load by the second order") {
  look_by([](object& o) { return fail(o, release, seq_cst); });
}

NO_RACE(one_order_acq_rel_fails_by_acquire, "[atomics.types.operations]: acq_rel alone fails by acquire") {
  look_by([](object& o) { return fail(o, acq_rel); });
}

RACE(one_order_release_fails_by_relaxed, "[atomics.types.operations]: release alone fails by relaxed") {
  look_by([](object& o) { return fail(o, release); });
}

NO_RACE(one_order_acquire_fails_by_acquire, "[atomics.types.operations]: acquire alone is both orders") {
  look_by([](object& o) { return fail(o, acquire); });
}

RACE(one_order_relaxed_fails_by_relaxed, "[atomics.types.operations]: relaxed alone is both orders") {
  look_by([](object& o) { return fail(o, relaxed); });
}

RACE(a_failure_releases_nothing, "[atomics.types.operations]: a failure is no store") {
  int data = 0;
  std::atomic<int> flag = 0, tried = 0;
  in_threads(
      [&] {
        data = 1;  // <- 1
        int expected = 9;
        flag.compare_exchange_strong(expected, 1, seq_cst, seq_cst);
        tried.store(1, relaxed);
      },
      [&] {
        await(tried, 1, acquire);
        flag.load(seq_cst);
        flag.exchange(2, seq_cst);
        look_at(data);  // <- 2
      });
}

NO_RACE(a_failure_ends_no_release_sequence, "[intro.races]/5: a failure is no side effect on the object") {
  int data = 0;
  std::atomic<int> flag = 0, tried = 0;
  in_goroutines(
      [&] {
        data = 1;
        flag.store(1, release);
      },
      [&] {
        await(flag, 1, relaxed);
        int expected = 9;
        flag.compare_exchange_strong(expected, 2, relaxed, relaxed);
        tried.store(1, release);
      },
      [&] {
        await(tried, 1, acquire);
        flag.load(acquire);
        look_at(data);
      });
}

RACE(expected_is_a_plain_object, "[atomics.types.operations]: a failure writes to what was expected") {
  std::atomic<int> first = 1, second = 2;
  int expected = 0;
  in_threads([&] { first.compare_exchange_strong(expected, 7); },    // <- 1
             [&] { second.compare_exchange_strong(expected, 7); });  // <- 2
}

NO_RACE(expected_is_only_read_by_a_success, "[atomics.types.operations]: only a failure writes to it") {
  std::atomic<int> first = 0, second = 0;
  int expected = 0;
  in_threads([&] { first.compare_exchange_strong(expected, 7); },
             [&] { second.compare_exchange_strong(expected, 7); });
}

NO_RACE(made_on_demand, "[atomics.order]/2: the failure acquires what the success released") {
  make_once(release, acquire);
}

RACE(made_on_demand_success_too_weak, "[atomics.order]/1: nothing is released") {
  make_once(relaxed, acquire);
}

RACE(made_on_demand_failure_too_weak, "[atomics.order]/1: nothing is acquired") {
  make_once(acq_rel, relaxed);
}

NO_RACE(stack_of_nodes, "[atomics.order]/2: the load of the head reads from the push") {
  push_and_pop(release, acquire);
}

RACE(stack_of_nodes_push_too_weak, "[atomics.order]/1: nothing is released") {
  push_and_pop(relaxed, acquire);
}

RACE(stack_of_nodes_pop_too_weak, "[atomics.order]/1: nothing is acquired") {
  push_and_pop(release, relaxed);
}

NO_RACE(maximum_by_a_loop, "[atomics.order]/2: the load reads from the exchange that succeeded") {
  int data = 0;
  std::atomic<int> maximum = 3;
  in_goroutines(
      [&] {
        data = 1;
        int seen = maximum.load(relaxed);
        while (seen < 5 && !maximum.compare_exchange_weak(seen, 5, release, relaxed)) {
        }
      },
      [&] {
        while (maximum.load(acquire) < 5) snag::yield();
        look_at(data);
      });
}
