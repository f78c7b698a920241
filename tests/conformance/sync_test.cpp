// SPDX-License-Identifier: Apache-2.0
// Go, package sync: Once, Cond, Pool and Map; rules SY-001 to SY-014. What is left out: left_out.csv.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <type_traits>
#include <vector>

#include "tests/conformance/support.h"

namespace snag::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::UnorderedElementsAre;

// --- Once

TEST(sync, SY_001_f_runs_once_whatever_f_comes_later) {
  on_every_schedule([] {
    once o;
    std::atomic<int> first{0}, second{0};
    wait_group wg;
    for (int i = 0; i < 6; ++i) {
      wg.go([&, i] {
        if (i % 2 == 0)
          o.call([&] { ++first; });
        else
          o.call([&] { ++second; });
      });
    }
    wg.wait();
    EXPECT_EQ(first + second, 1);
    o.call([&] { ++first; });
    EXPECT_EQ(first + second, 1);
  });
}

TEST(sync, SY_002_other_callers_wait_until_f_has_returned) {
  on_every_schedule([] {
    once o;
    std::atomic<bool> returned{false};
    wait_group wg;
    for (int i = 0; i < 4; ++i) {
      wg.go([&] {
        o.call([&] {
          let_others_block();
          returned = true;
        });
        EXPECT_TRUE(returned);
      });
    }
    wg.wait();
  });
}

TEST(sync, SY_003_a_panicking_f_counts_as_done) {
  on_every_schedule([] {
    once o;
    EXPECT_EQ(panic_of([&] { o.call([] { panic("failed"); }); }), "failed");
    o.call([] { ADD_FAILURE() << "ran again"; });
  });
}

TEST(sync, SY_003_so_does_one_that_leaves_by_goexit) {
  on_every_schedule([] {
    once o;
    wait_group wg;
    wg.go([&] { o.call([] { goexit(); }); });
    wg.wait();
    o.call([] { ADD_FAILURE() << "ran again"; });
  });
}

TEST(sync, SY_004_a_call_within_itself_deadlocks) {
  expect_deadlock(
      [] {
        once o;
        o.call([&] { o.call([] { check(false); }); });
      },
      {"sync.Once.Do"});
}

TEST(sync, SY_005_once_value_runs_its_function_once) {
  on_every_schedule([] {
    std::atomic<int> runs{0};
    const auto value = once_value([&] {
      yield();
      return ++runs;
    });
    wait_group wg;
    for (int i = 0; i < 4; ++i) wg.go([&] { EXPECT_EQ(value(), 1); });
    wg.wait();
    EXPECT_EQ(runs, 1);
  });
}

TEST(sync, SY_005_several_values_are_one_pair) {
  on_every_schedule([] {
    int runs = 0;
    const auto values = once_value([&] { return std::pair(++runs, std::string("two")); });
    for (int i = 0; i < 2; ++i) {
      const auto& [number, text] = values();
      EXPECT_EQ(number, 1);
      EXPECT_EQ(text, "two");
    }
  });
}

TEST(sync, SY_005_each_call_panics_again_with_the_same_value) {
  on_every_schedule([] {
    int runs = 0;
    const auto func = once_func([&] { ++runs, panic(41 + runs); });
    for (int i = 0; i < 3; ++i) {
      try {
        func();
        ADD_FAILURE() << "no panic";
      } catch (const panic_error& e) {
        EXPECT_EQ(std::any_cast<int>(e.value()), 42);
      }
    }
    EXPECT_EQ(runs, 1);
  });
}

TEST(sync, SY_005_any_exception_is_remembered) {
  on_every_schedule([] {
    const auto value = once_value([]() -> int { throw 7; });
    for (int i = 0; i < 2; ++i) EXPECT_THROW(value(), int);
  });
}

TEST(sync, SY_005_after_a_goexit_later_calls_panic) {
  on_every_schedule([] {
    const auto value = once_value([]() -> int { goexit(); });
    wait_group wg;
    wg.go([&] { value(), ADD_FAILURE() << "goexit() returned"; });
    wg.wait();
    EXPECT_THAT(panic_of([&] { value(); }), HasSubstr("panic called with nil argument"));
  });
}

// --- Cond

TEST(sync, SY_006_wait_unlocks_and_locks_again_before_it_returns) {
  on_every_schedule([] {
    mutex m;
    condition_variable changed;
    bool set = false;
    wait_group wg;
    wg.go([&] {
      std::unique_lock lock(m);
      while (!set) changed.wait(lock);
      EXPECT_TRUE(lock.owns_lock());
      bool taken = true;
      wait_group inner;
      inner.go([&] { taken = m.try_lock(); });
      inner.wait();
      EXPECT_FALSE(taken) << "wait returned without the lock";
    });
    let_others_block();
    m.lock();  // would never return if wait had kept it
    set = true;
    m.unlock();
    changed.notify_one();
    wg.wait();
  });
}

TEST(sync, SY_006_nothing_comes_between_the_unlock_and_the_wait) {
  on_every_schedule([] {
    mutex m;
    condition_variable changed;
    wait_group wg;
    m.lock();
    wg.go([&] {
      m.lock();  // free only once the other waits
      changed.notify_one();
      m.unlock();
    });
    changed.wait(m);  // a lost notification would be a deadlock
    m.unlock();
    wg.wait();
  });
}

TEST(sync, SY_007_wait_returns_only_after_a_notification) {
  on_every_schedule([] {
    mutex m;
    condition_variable changed;
    std::atomic<int> notified{0}, returned{0};
    wait_group wg;
    for (int i = 0; i < 4; ++i) {
      wg.go([&] {
        const std::lock_guard lock(m);
        changed.wait(m);
        EXPECT_LE(++returned, notified);
      });
    }
    while (returned < 4) {
      let_others_block();
      ++notified;
      changed.notify_one();
      let_others_block();
    }
    wg.wait();
  });
}

TEST(sync, SY_008_signals_wake_in_order_one_each) {
  on_every_seed(50, [] {
    mutex m;
    condition_variable changed;
    std::vector<int> order;
    for (int i = 0; i < 4; ++i) {
      go([&, i] {
        const std::lock_guard lock(m);
        changed.wait(m);
        order.push_back(i);
      });
      let_others_block();
    }
    for (std::size_t i = 1; i <= 4; ++i) {
      changed.notify_one();  // without the lock
      let_others_block();
      EXPECT_EQ(order.size(), i);
    }
    EXPECT_THAT(order, ElementsAre(0, 1, 2, 3));
  });
}

TEST(sync, SY_008_broadcast_wakes_all_that_wait_and_none_that_come_later) {
  on_every_seed(50, [] {
    mutex m;
    condition_variable changed;
    int woken = 0;
    const auto waits = [&] {
      const std::lock_guard lock(m);
      changed.wait(m);
      ++woken;
    };
    for (int i = 0; i < 3; ++i) go(waits);
    let_others_block();
    changed.notify_all();
    go(waits);
    let_others_block();
    EXPECT_EQ(woken, 3);
    changed.notify_one();
    let_others_block();
    EXPECT_EQ(woken, 4);
  });
}

TEST(sync, SY_008_a_signal_for_nobody_is_lost) {
  on_every_schedule([] {
    mutex m;
    condition_variable changed;
    changed.notify_one();
    changed.notify_all();
    const std::lock_guard lock(m);
    EXPECT_EQ(changed.wait_for(m, std::chrono::milliseconds(1)), std::cv_status::timeout);
  });
}

TEST(sync, SY_009_a_later_waiter_does_not_steal_an_earlier_ones_signal) {
  on_every_schedule([] {
    mutex m;
    condition_variable changed;
    bool first_waits = false, first_woke = false, later_woke = false;
    wait_group wg;
    wg.go([&] {
      const std::lock_guard lock(m);
      first_waits = true;
      changed.wait(m);
      first_woke = true;
    });
    const auto locked = [&](const bool& b) {
      const std::lock_guard lock(m);
      return b;
    };
    while (!locked(first_waits)) yield();
    changed.notify_one();  // the first may not have run yet when the later one waits
    wg.go([&] {
      const std::lock_guard lock(m);
      changed.wait(m);
      later_woke = true;
    });
    while (!locked(first_woke)) yield();
    EXPECT_FALSE(locked(later_woke));
    while (!locked(later_woke)) changed.notify_one(), yield();
    wg.wait();
  });
}

TEST(sync, SY_010_a_condition_variable_cannot_be_copied) {
  EXPECT_FALSE(std::is_copy_constructible_v<condition_variable>);
  EXPECT_FALSE(std::is_copy_assignable_v<condition_variable>);
  EXPECT_FALSE(std::is_move_constructible_v<condition_variable>);
}

// --- Pool

TEST(sync, SY_011_get_answers_what_was_put_or_something_new) {
  on_every_schedule([] {
    std::atomic<int> made{0};
    pool<int> numbers([&] { return ++made; });
    wait_group wg;
    std::atomic<int> seen{0};
    for (int i = 0; i < 4; ++i) {
      wg.go([&] {
        for (int round = 0; round < 5; ++round) {
          const int n = numbers.get();
          EXPECT_GE(n, 1);
          EXPECT_EQ(seen.fetch_or(1 << n) & (1 << n), 0) << n << " was given to two at once";
          yield();
          seen.fetch_and(~(1 << n));
          numbers.put(n);
        }
      });
    }
    wg.wait();
    EXPECT_LE(made, 4) << "made a new one although one was there";
    std::vector<int> left;
    for (int n = 0; (n = numbers.get()) <= 4 && left.size() <= 4;) left.push_back(n);
    EXPECT_LE(left.size(), 4u) << "one came out twice";
  });
}

TEST(sync, SY_011_a_null_pointer_is_not_kept) {
  on_every_schedule([] {
    int made = 0;
    pool<std::unique_ptr<int>> pointers([&] { return std::make_unique<int>(++made); });
    pointers.put(nullptr);
    EXPECT_EQ(*pointers.get(), 1);
  });
}

TEST(sync, SY_012_items_survive_one_shrinking_but_not_two) {
  on_every_schedule([] {
    pool<int> numbers;
    numbers.put(1);
    numbers.put(2);
    numbers.shrink();
    numbers.put(3);
    EXPECT_EQ(numbers.get(), 3);
    EXPECT_EQ(numbers.get(), 2);  // a victim
    numbers.shrink();             // 1 was a victim already
    EXPECT_EQ(numbers.get(), 0);
    numbers.put(4);
    numbers.shrink();
    numbers.shrink();
    EXPECT_EQ(numbers.get(), 0);
  });
}

TEST(sync, SY_012_one_worker_finds_what_another_put) {
  on_every_schedule([] {
    pool<int> numbers;
    wait_group wg;
    for (int i = 1; i <= 8; ++i) wg.go([&, i] { numbers.put(i); });
    wg.wait();
    std::vector<int> found;
    for (int i = 0; i < 8; ++i) found.push_back(numbers.get());
    EXPECT_THAT(found, UnorderedElementsAre(1, 2, 3, 4, 5, 6, 7, 8));
    EXPECT_EQ(numbers.get(), 0);
  });
}

// --- Map

TEST(sync, SY_013_each_operation_does_what_it_says) {
  on_every_schedule([] {
    sync_map<std::string, int> m;
    EXPECT_EQ(m.load("a"), std::nullopt);
    m.store("a", 1);
    m.store("a", 2);
    EXPECT_EQ(m.load("a"), 2);
    auto [value, loaded] = m.load_or_store("a", 3);
    EXPECT_TRUE(value == 2 && loaded);
    auto [fresh, found] = m.load_or_store("b", 4);
    EXPECT_TRUE(fresh == 4 && !found);
    EXPECT_EQ(m.load("b"), 4);
    EXPECT_EQ(m.swap("b", 5), 4);
    EXPECT_EQ(m.swap("c", 6), std::nullopt);
    EXPECT_FALSE(m.compare_and_swap("c", 5, 7));
    EXPECT_FALSE(m.compare_and_swap("none", 0, 7));
    EXPECT_EQ(m.load("none"), std::nullopt);
    EXPECT_TRUE(m.compare_and_swap("c", 6, 7));
    EXPECT_EQ(m.load("c"), 7);
    EXPECT_FALSE(m.compare_and_erase("c", 6));
    EXPECT_TRUE(m.compare_and_erase("c", 7));
    EXPECT_FALSE(m.contains("c"));
    EXPECT_EQ(m.load_and_delete("b"), 5);
    EXPECT_EQ(m.load_and_delete("b"), std::nullopt);
    EXPECT_TRUE(m.erase("a"));
    EXPECT_FALSE(m.erase("a"));
    m.store("d", 8);
    m.store("e", 9);
    m.clear();
    EXPECT_EQ(m.load("d"), std::nullopt);
    EXPECT_EQ(m.load("e"), std::nullopt);
  });
}

// All keys have one hash, and comparing them lets others in.
struct one_hash {
  std::size_t operator()(int) const { return 7; }
};
struct slow_equal {
  bool operator()(int a, int b) const {
    yield();
    return a == b;
  }
};
using slow_map = sync_map<int, int, one_hash, slow_equal>;

TEST(sync, SY_013_load_or_store_stores_once) {
  on_every_schedule([] {
    slow_map m;
    m.store(-1, 0);
    std::atomic<int> stored{0};
    wait_group wg;
    for (int i = 0; i < 4; ++i) {
      wg.go([&, i] {
        for (int key = 0; key < 3; ++key) stored += !m.load_or_store(key, i).loaded;
      });
    }
    wg.wait();
    EXPECT_EQ(stored, 3);
  });
}

TEST(sync, SY_013_a_key_is_deleted_once) {
  on_every_schedule([] {
    slow_map m;
    for (int key = 0; key < 3; ++key) m.store(key, key);
    std::atomic<int> deleted{0};
    wait_group wg;
    for (int i = 0; i < 4; ++i) {
      wg.go([&] {
        for (int key = 0; key < 3; ++key) deleted += m.load_and_delete(key).has_value();
      });
    }
    wg.wait();
    EXPECT_EQ(deleted, 3);
  });
}

TEST(sync, SY_013_each_swap_answers_the_one_before_it) {
  on_every_schedule([] {
    slow_map m;
    mutex guard;
    std::map<int, int> after;
    wait_group wg;
    for (int i = 1; i <= 5; ++i) {
      wg.go([&, i] {
        const int before = m.swap(1, i).value_or(0);
        const std::lock_guard lock(guard);
        EXPECT_TRUE(after.emplace(before, i).second) << before << " was answered twice";
      });
    }
    wg.wait();
    int at = 0;
    for (int i = 0; i < 5; ++i) at = after.at(at);
    EXPECT_EQ(m.load(1), at);
  });
}

TEST(sync, SY_013_no_addition_by_compare_and_swap_is_lost) {
  on_every_schedule([] {
    slow_map m;
    m.store(1, 0);
    m.store(2, 0);
    wait_group wg;
    for (int i = 0; i < 4; ++i) {
      wg.go([&] {
        for (int k = 0; k < 3; ++k) {
          int seen = *m.load(1);
          while (!m.compare_and_swap(1, seen, seen + 1)) seen = *m.load(1);
        }
      });
    }
    wg.wait();
    EXPECT_EQ(m.load(1), 12);
  });
}

TEST(sync, SY_013_compare_and_erase_succeeds_for_one) {
  on_every_schedule([] {
    slow_map m;
    m.store(1, 5);
    m.store(2, 5);
    std::atomic<int> erased{0};
    wait_group wg;
    for (int i = 0; i < 4; ++i) wg.go([&] { erased += m.compare_and_erase(1, 5); });
    wg.wait();
    EXPECT_EQ(erased, 1);
    EXPECT_EQ(m.load(2), 5);
  });
}

TEST(sync, SY_013_a_key_that_stays_is_found_whatever_goes_on_beside_it) {
  on_every_schedule([] {
    slow_map m;
    m.store(0, 0);
    for (int key = 1; key < 6; ++key) m.store(key, 1);
    wait_group wg;
    for (int i = 0; i < 2; ++i) {
      wg.go([&, i] {
        for (int key = 5; key > 0; --key) m.erase(key);
        for (int key = 6 + i; key < 20; key += 2) m.store(key, 1), m.erase(key);
      });
      wg.go([&] {
        for (int k = 0; k < 5; ++k) EXPECT_EQ(m.load(0), 0);
      });
    }
    wg.wait();
    EXPECT_FALSE(m.contains(6));
  });
}

TEST(sync, SY_014_range_shows_every_pair_that_stays) {
  on_every_schedule([] {
    sync_map<int, int> m;
    std::map<int, int> expected, seen;
    for (int i = 0; i < 200; ++i) m.store(i, -i), expected.emplace(i, -i);
    m.range([&](int key, int value) { EXPECT_TRUE(seen.emplace(key, value).second); });
    EXPECT_EQ(seen, expected);
    seen.clear();
    for (auto [key, value] : m) EXPECT_TRUE(seen.emplace(key, value).second);
    EXPECT_EQ(seen, expected);
  });
}

TEST(sync, SY_014_no_key_comes_twice_while_others_change_the_map) {
  on_every_schedule([] {
    sync_map<int, int> m;
    for (int i = 0; i < 32; ++i) m.store(i, 0);
    wait_group wg;
    wg.go([&] {
      for (int i = 0; i < 32; i += 2) {
        m.erase(i);
        m.store(i, 1);
        m.store(100 + i, 1);
        m.store(i + 1, 1);
      }
    });
    wg.go([&] {
      std::map<int, int> seen;
      for (auto [key, value] : m) EXPECT_EQ(++seen[key], 1) << key;
      for (int i = 1; i < 32; i += 2) EXPECT_EQ(seen[i], 1) << i << " was there all the time";
    });
    wg.wait();
  });
}

TEST(sync, SY_014_returning_false_stops) {
  on_every_schedule([] {
    sync_map<int, int> m;
    for (int i = 0; i < 10; ++i) m.store(i, i);
    int calls = 0;
    m.range([&](int, int) { return ++calls < 3; });
    EXPECT_EQ(calls, 3);
  });
}

TEST(sync, SY_014_other_operations_may_be_called_inside) {
  on_every_schedule([] {
    sync_map<int, int> m;
    for (int i = 0; i < 10; ++i) m.store(i, i);
    m.range([&](int key, int value) {
      EXPECT_EQ(m.load(key), value);
      m.store(key, value + 1);
      if (key % 2 == 0) m.erase(key);
      m.range([&](int inner, int) { return inner != key; });
    });
    int left = 0;
    m.range([&](int key, int value) {
      ++left;
      EXPECT_EQ(value, key + 1);
    });
    EXPECT_EQ(left, 5);
    m.range([&](int, int) { m.clear(); });
    EXPECT_TRUE(m.begin() == m.end());
  });
}

}  // namespace
}  // namespace snag::test
