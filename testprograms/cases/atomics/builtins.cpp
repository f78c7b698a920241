// SPDX-License-Identifier: Apache-2.0
// Atomic operations that are not the library's: __atomic_* with the orders of C++, __sync_*, and C's _Atomic,
// which Clang knows in C++ as well. Each on plain objects, so that plain accesses to the same object are
// easily written.
#include "litmus.h"

namespace {

template <int Store, int Load>
void pass_message() {
  int data = 0, flag = 0;
  in_goroutines(
      [&] {
        data = 1;
        __atomic_store_n(&flag, 1, Store);
      },
      [&] {
        while (__atomic_load_n(&flag, Load) == 0) snag::yield();
        look_at(data);
      });
}

// `announce` changes 6 to something else.
template <class Announce>
void announce_by(Announce announce) {
  int data = 0, flag = 6;
  in_threads(
      [&] {
        data = 1;
        announce(flag);
      },
      [&] {
        while (__atomic_load_n(&flag, __ATOMIC_ACQUIRE) == 6) snag::yield();
        look_at(data);
      });
}

}  // namespace

NO_RACE(atomic_builtins_release_acquire, "[atomics.order]/2: the orders are those of C++") {
  pass_message<__ATOMIC_RELEASE, __ATOMIC_ACQUIRE>();
}

NO_RACE(atomic_builtins_seq_cst, "[atomics.order]/2: the orders are those of C++") {
  pass_message<__ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST>();
}

RACE(atomic_builtins_relaxed_store, "[atomics.order]/1: a relaxed store is no release operation") {
  pass_message<__ATOMIC_RELAXED, __ATOMIC_ACQUIRE>();
}

RACE(atomic_builtins_relaxed_load, "[atomics.order]/1: a relaxed load is no acquire operation") {
  pass_message<__ATOMIC_RELEASE, __ATOMIC_RELAXED>();
}

NO_RACE(atomic_builtin_that_returns_the_new_value, "[atomics.order]/2: read by an acquire load") {
  announce_by([](int& flag) { check(__atomic_add_fetch(&flag, 1, __ATOMIC_RELEASE) == 7); });
}

RACE(relaxed_atomic_builtin_that_returns_the_new_value,
     "[atomics.order]/1: relaxed is no release operation") {
  announce_by([](int& flag) { check(__atomic_add_fetch(&flag, 1, __ATOMIC_RELAXED) == 7); });
}

NO_RACE(atomic_nand, "[atomics.order]/2: read by an acquire load") {
  announce_by([](int& flag) { check(__atomic_nand_fetch(&flag, 2, __ATOMIC_ACQ_REL) == ~2); });
}

RACE(relaxed_atomic_nand, "[atomics.order]/1: relaxed is no release operation") {
  announce_by([](int& flag) { check(__atomic_fetch_nand(&flag, 2, __ATOMIC_RELAXED) == 6); });
}

NO_RACE(atomic_maximum, "[atomics.order]/2: read by an acquire load") {
  announce_by([](int& flag) { check(__atomic_fetch_max(&flag, 9, __ATOMIC_RELEASE) == 6); });
}

RACE(acquire_atomic_minimum, "[atomics.order]/1: acquire is no release operation") {
  announce_by([](int& flag) { check(__atomic_fetch_min(&flag, -1, __ATOMIC_ACQUIRE) == 6); });
}

NO_RACE(atomic_exchange_through_pointers, "[atomics.order]/2: read by an acquire load") {
  announce_by([](int& flag) {
    int wanted = 1, old = 0;
    __atomic_exchange(&flag, &wanted, &old, __ATOMIC_RELEASE);
    check(old == 6);
  });
}

RACE(result_of_a_load_is_a_plain_object,
     "[intro.races]/21: only the object that is loaded is accessed atomically") {
  int object = 1, result = 0;
  const auto look = [&] { __atomic_load(&object, &result, __ATOMIC_SEQ_CST); };  // <- 1 2
  in_threads(look, look);
}

NO_RACE(test_and_set_builtins, "[atomics.order]/2: test_and_set reads from the release clear") {
  int data = 0;
  bool is_locked = false;
  const auto enter = [&] {
    while (__atomic_test_and_set(&is_locked, __ATOMIC_ACQUIRE)) snag::yield();
    ++data;
    __atomic_clear(&is_locked, __ATOMIC_RELEASE);
  };
  in_goroutines(enter, enter);
}

RACE(test_and_set_builtins_relaxed_clear, "[atomics.order]/1: who leaves releases nothing") {
  int data = 0;
  bool is_locked = false;
  const auto enter = [&] {
    while (__atomic_test_and_set(&is_locked, __ATOMIC_ACQUIRE)) snag::yield();
    ++data;  // <- 1 2
    __atomic_clear(&is_locked, __ATOMIC_RELAXED);
  };
  in_goroutines(enter, enter);
}

NO_RACE(builtin_counter_read_after_the_end, "[intro.races]/10: ordered by the end of the threads") {
  int counter = 0;
  const auto count = [&] { __atomic_fetch_add(&counter, 1, __ATOMIC_RELAXED); };
  in_threads(count, count);
  check(counter == 2);
}

RACE(builtin_counter_read_too_early, "[intro.races]/21: one of the two is not atomic") {
  int counter = 0;
  in_threads([&] { __atomic_fetch_add(&counter, 1, __ATOMIC_SEQ_CST); },  // <- 1
             [&] { look_at(counter); });                                  // <- 2
}

RACE(builtin_load_plain_write, "[intro.races]/21: one of the two is not atomic") {
  int flag = 0;
  in_goroutines([&] { look_at(__atomic_load_n(&flag, __ATOMIC_SEQ_CST)); },  // <- 1
                [&] { flag = 1; });                                          // <- 2
}

NO_RACE(builtin_load_plain_read, "[intro.races]/2: two reads do not conflict") {
  int flag = 1;
  in_goroutines([&] { look_at(__atomic_load_n(&flag, __ATOMIC_RELAXED)); }, [&] { look_at(flag); });
}

RACE(builtin_store_beside_a_wide_plain_write, "[intro.races]/21: the plain write covers the byte") {
  union {
    char bytes[8];
    long whole;
  } object = {};
  in_goroutines([&] { __atomic_store_n(&object.bytes[5], 1, __ATOMIC_SEQ_CST); },  // <- 1
                [&] { object.whole = 0; });                                        // <- 2
}

NO_RACE(sync_lock, "__sync_lock_test_and_set acquires, __sync_lock_release releases; [atomics.order]/2") {
  int data = 0, is_locked = 0;
  const auto enter = [&] {
    while (__sync_lock_test_and_set(&is_locked, 1) != 0) snag::yield();
    ++data;
    __sync_lock_release(&is_locked);
  };
  in_threads(enter, enter, enter);
  check(data == 3);
}

RACE(sync_lock_unlocked_by_a_plain_write, "[intro.races]/21: the write is no atomic operation") {
  int is_locked = 1;
  in_threads([&] { is_locked = 0; },                                      // <- 1
             [&] { look_at(__sync_lock_test_and_set(&is_locked, 1)); });  // <- 2
}

NO_RACE(sync_fetch_and_add, "a full barrier each; [atomics.order]/2") {
  announce_by([](int& flag) { check(__sync_fetch_and_add(&flag, 1) == 6); });
}

NO_RACE(sync_compare_and_swap, "a full barrier each; [atomics.order]/2") {
  int data = 0, owner = 0;
  const auto enter = [&](int self) {
    while (!__sync_bool_compare_and_swap(&owner, 0, self)) snag::yield();
    ++data;
    check(__sync_val_compare_and_swap(&owner, self, 0) == self);
  };
  in_goroutines([&] { enter(1); }, [&] { enter(2); });
}

NO_RACE(sync_synchronize_and_atomics, "[atomics.fences]/2: a fence of either kind around relaxed atomics") {
  int data = 0, flag = 0;
  in_threads(
      [&] {
        data = 1;
        __sync_synchronize();
        __atomic_store_n(&flag, 1, __ATOMIC_RELAXED);
      },
      [&] {
        while (__atomic_load_n(&flag, __ATOMIC_RELAXED) == 0) snag::yield();
        __sync_synchronize();
        look_at(data);
      });
}

RACE(sync_synchronize_and_volatile, "[intro.races]/21: fences make no access atomic") {
  int data = 0;
  volatile int flag = 0;
  in_threads(
      [&] {
        data = 1;  // <- 1
        __sync_synchronize();
        flag = 1;  // <- 1
      },
      [&] {
        while (flag == 0) snag::yield();  // <- 2
        __sync_synchronize();
        look_at(data);  // <- 2
      });
}

NO_RACE(c_atomic_operators, "C17 6.5.2.4, 6.5.16: on _Atomic they are seq_cst; [atomics.order]/2") {
  int data = 0;
  _Atomic(int) flag = 0;
  in_goroutines(
      [&] {
        data = 1;
        flag++;
      },
      [&] {
        while (flag == 0) snag::yield();
        look_at(data);
      });
}

NO_RACE(c_atomic_double, "C17 6.5.16.2: a compound assignment is one read-modify-write") {
  _Atomic(double) sum = 0;
  const auto add = [&] {
    for (int i = 0; i < 4; ++i) sum += 0.5;
  };
  in_threads(add, add);
  check(sum == 4.0);
}

NO_RACE(c_atomic_functions, "C17 7.17.7: the orders are those of C++") {
  int data = 0;
  _Atomic(int) flag = 0;
  in_threads(
      [&] {
        data = 1;
        __c11_atomic_store(&flag, 1, __ATOMIC_RELEASE);
      },
      [&] {
        while (__c11_atomic_load(&flag, __ATOMIC_ACQUIRE) == 0) snag::yield();
        look_at(data);
      });
}

RACE(c_atomic_functions_relaxed, "C17 7.17.7: the orders are those of C++") {
  int data = 0;
  _Atomic(int) flag = 0;
  in_threads(
      [&] {
        data = 1;  // <- 1
        __c11_atomic_store(&flag, 1, __ATOMIC_RELAXED);
      },
      [&] {
        while (__c11_atomic_load(&flag, __ATOMIC_ACQUIRE) == 0) snag::yield();
        look_at(data);  // <- 2
      });
}

NO_RACE(c_fences, "C17 7.17.4: the fences are those of C++") {
  int data = 0;
  _Atomic(int) flag = 0;
  in_goroutines(
      [&] {
        data = 1;
        __c11_atomic_thread_fence(__ATOMIC_RELEASE);
        __c11_atomic_store(&flag, 1, __ATOMIC_RELAXED);
      },
      [&] {
        while (__c11_atomic_load(&flag, __ATOMIC_RELAXED) == 0) snag::yield();
        __c11_atomic_thread_fence(__ATOMIC_ACQUIRE);
        look_at(data);
      });
}
