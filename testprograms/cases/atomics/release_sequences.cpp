// SPDX-License-Identifier: Apache-2.0
// Release sequences: a release operation and the read-modify-writes that follow it, of whatever thread and
// order. Any other store ends it, even one by the thread that began it (since C++20, P0982).
//
// Whoever looks for the data waits for the last value by relaxed loads, so that it acquires nothing on the
// way.
#include "litmus.h"

namespace {

// One releases by storing 1, one changes 1 to 2, one acquires the 2.
template <class Operation>
void change_between(Operation operation) {
  int data = 0;
  std::atomic<int> stage = 0;
  in_goroutines(
      [&] {
        data = 1;
        stage.store(1, release);
      },
      [&] {
        await(stage, 1, relaxed);
        operation(stage);
      },
      [&] {
        await(stage, 2, relaxed);
        stage.load(acquire);
        look_at(data);
      });
}

// The releaser itself changes 1 to 2.
template <class Operation>
void change_after(Operation operation) {
  int data = 0;
  std::atomic<int> stage = 0;
  in_threads(
      [&] {
        data = 1;
        stage.store(1, release);
        operation(stage);
      },
      [&] {
        await(stage, 2, relaxed);
        stage.load(acquire);
        look_at(data);
      });
}

using object = std::atomic<int>;

}  // namespace

NO_RACE(relaxed_fetch_add_of_another, "[intro.races]/5: a read-modify-write continues the sequence") {
  change_between([](object& o) { o.fetch_add(1, relaxed); });
}

NO_RACE(relaxed_exchange_of_another, "[intro.races]/5: a read-modify-write continues the sequence") {
  change_between([](object& o) { o.exchange(2, relaxed); });
}

NO_RACE(relaxed_compare_exchange_of_another, "[intro.races]/5: a read-modify-write continues the sequence") {
  change_between([](object& o) {
    int expected = 1;
    o.compare_exchange_strong(expected, 2, relaxed);
  });
}

NO_RACE(acquire_fetch_add_of_another, "[intro.races]/5: whatever the order of the read-modify-write") {
  change_between([](object& o) { o.fetch_add(1, acquire); });
}

NO_RACE(release_fetch_add_of_another,
        "[intro.races]/5: it heads a sequence of its own and continues the other") {
  change_between([](object& o) { o.fetch_add(1, release); });
}

RACE(relaxed_store_of_another, "[intro.races]/5: a store is no read-modify-write") {
  change_between([](object& o) { o.store(2, relaxed); });
}

RACE(release_store_of_another,
     "[intro.races]/5: the store heads another sequence, by one who acquired nothing") {
  change_between([](object& o) { o.store(2, release); });
}

RACE(load_and_store_of_another, "[intro.races]/5: a load and a store are no read-modify-write") {
  change_between([](object& o) { o.store(o.load(relaxed) + 1, relaxed); });
}

NO_RACE(acquire_and_release_store_of_another, "[intro.races]/9: by way of the thread in between") {
  change_between([](object& o) { o.store(o.load(acquire) + 1, release); });
}

RACE(seq_cst_store_of_another, "[intro.races]/5: a store is no read-modify-write, whatever its order") {
  change_between([](object& o) { o.store(2, seq_cst); });
}

NO_RACE(relaxed_fetch_add_of_the_same, "[intro.races]/5: a read-modify-write continues the sequence") {
  change_after([](object& o) { o.fetch_add(1, relaxed); });
}

RACE(relaxed_store_of_the_same,
     "[intro.races]/5: a release sequence has only read-modify-writes after its head") {
  change_after([](object& o) { o.store(2, relaxed); });
}

RACE(relaxed_store_of_the_same_value, "[intro.races]/5: a store ends the sequence, whatever it stores") {
  change_after([](object& o) {
    o.store(1, relaxed);
    o.fetch_add(1, relaxed);
  });
}

RACE(ended_sequences_do_not_go_on, "[intro.races]/5: the sequence is contiguous") {
  change_after([](object& o) {
    o.store(3, relaxed);
    o.fetch_add(1, release);
    o.store(5, relaxed);
    o.fetch_add(1, acq_rel);
    o.store(2, relaxed);
  });
}

NO_RACE(another_head_after_the_end, "[intro.races]/5: the second release store heads a sequence") {
  change_after([](object& o) {
    o.store(0, relaxed);
    o.store(1, release);
    o.fetch_add(1, relaxed);
  });
}

NO_RACE(long_sequence, "[intro.races]/5: any number of read-modify-writes, of any threads") {
  int data = 0;
  std::atomic<int> stage = 0;
  const auto count_to_ten = [&] {
    for (int seen = stage.load(relaxed); seen < 10; seen = stage.load(relaxed))
      if (seen == 0 || !stage.compare_exchange_weak(seen, seen + 1, relaxed)) snag::yield();
  };
  in_threads(
      [&] {
        data = 1;
        stage.store(1, release);
      },
      count_to_ten, count_to_ten,
      [&] {
        await(stage, 10, relaxed);
        stage.load(acquire);
        look_at(data);
      });
}

NO_RACE(two_heads, "[intro.races]/5: one value may belong to the sequences of several heads") {
  int first = 0, second = 0;
  std::atomic<int> stage = 0;
  in_goroutines(
      [&] {
        first = 1;
        stage.store(1, release);
      },
      [&] {
        await(stage, 1, relaxed);
        second = 1;
        stage.fetch_add(1, release);
      },
      [&] {
        await(stage, 2, relaxed);
        stage.fetch_add(1, relaxed);
      },
      [&] {
        await(stage, 3, acquire);
        look_at(first);
        look_at(second);
      });
}

RACE(who_continues_a_sequence_is_not_its_head, "[intro.races]/5: the relaxed operation releases nothing") {
  int first = 0, second = 0;
  std::atomic<int> stage = 0;
  in_goroutines(
      [&] {
        first = 1;
        stage.store(1, release);
      },
      [&] {
        await(stage, 1, relaxed);
        second = 1;  // <- 1
        stage.fetch_add(1, relaxed);
      },
      [&] {
        await(stage, 2, acquire);
        look_at(first);
        look_at(second);  // <- 2
      });
}

RACE(later_head_orders_no_earlier_one,
     "[intro.races]/5: the store ended the first sequence and heads the second") {
  int first = 0, second = 0;
  std::atomic<int> stage = 0;
  in_threads(
      [&] {
        first = 1;  // <- 1
        stage.store(1, release);
      },
      [&] {
        await(stage, 1, relaxed);
        second = 1;
        stage.store(2, release);
      },
      [&] {
        await(stage, 2, relaxed);
        stage.load(acquire);
        look_at(first);  // <- 2
        look_at(second);
      });
}

NO_RACE(items_counted_down,
        "[intro.races]/5: the consumers' read-modify-writes continue the producer's sequence") {
  int items[2] = {};
  std::atomic<int> left = 0;
  const auto consume_one = [&] {
    int seen;
    while ((seen = left.load(relaxed)) == 0 || !left.compare_exchange_weak(seen, seen - 1, acquire, relaxed))
      snag::yield();
    look_at(items[seen - 1]);
  };
  in_goroutines(
      [&] {
        items[0] = items[1] = 1;
        left.store(2, release);
      },
      consume_one, consume_one);
}

RACE(items_counted_down_by_stores,
     "[intro.races]/5: the first consumer's store ends the producer's sequence") {
  int items[2] = {};
  std::atomic<int> left = 0;
  in_goroutines(
      [&] {
        items[0] = items[1] = 1;  // <- 1
        left.store(2, release);
      },
      [&] {
        await(left, 2, acquire);
        left.store(1, relaxed);
        look_at(items[1]);
      },
      [&] {
        await(left, 1, relaxed);
        left.fetch_sub(1, acquire);
        look_at(items[0]);  // <- 2
      });
}

RACE(value_copied_to_another_object, "[intro.races]/5: a sequence belongs to one object") {
  int data = 0;
  std::atomic<int> original = 0, copy = 0;
  in_threads(
      [&] {
        data = 1;  // <- 1
        original.store(1, release);
      },
      [&] {
        await(original, 1, relaxed);
        copy.exchange(1, relaxed);
      },
      [&] {
        await(copy, 1, acquire);
        look_at(data);  // <- 2
      });
}
