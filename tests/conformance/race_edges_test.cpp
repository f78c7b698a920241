// SPDX-License-Identifier: Apache-2.0
// The edges that Go's race detector draws (runtime/chan.go, package sync), translated to what our observer is
// told; rules RD-001 to RD-013. Where Go's detector falls short of Go's memory model, the model is meant.
#include <gtest/gtest.h>

#include <memory>
#include <mutex>
#include <shared_mutex>
#include <string>

#include "runtime/src/channel.h"
#include "snag/snag.h"
#include "tests/conformance/race_watch.h"

namespace snag::test {
namespace {

using trial = race_trial;

template <class T>
void put(const chan<T>& c) {
  if constexpr (std::is_void_v<T>) {
    c.send();
  } else {
    c.send(T{});
  }
}
// body.operator()<T>() for elements that cross as bytes, boxed, and not at all.
template <class Body>
void for_each_element(Body body) {
  body.template operator()<int>();
  body.template operator()<std::string>();
  body.template operator()<void>();
}

TEST(race_edges, RD_001_a_rendezvous_orders_both_ways) {
  for_each_element([]<class T>() {
    expect_ordered([](trial& t) {
      const chan<T> c;
      t.go([&, c] {
        t.write();
        put(c);
      });
      c.recv();
      t.write();
    });
    expect_ordered([](trial& t) {
      const chan<T> c;
      t.go([&, c] {
        t.write();
        c.recv();
      });
      put(c);
      t.write();
    });
    expect_race([](trial& t) {
      const chan<T> c;
      t.go([&, c] {
        put(c);
        t.write();
      });
      c.recv();
      t.write();
    });
  });
}

// What went through one slot is ordered with that slot's next user, and with nobody else's.
TEST(race_edges, RD_002_each_slot_of_a_buffer_is_a_clock_of_its_own) {
  for_each_element([]<class T>() {
    expect_ordered([](trial& t) {  // slot 0, reused by the third send
      const chan<T> c(2);
      put(c);
      put(c);
      t.go([&, c] {
        t.write();
        c.recv();
      });
      put(c);
      t.write();
    });
    expect_race([](trial& t) {  // the second send uses the other slot
      const chan<T> c(2);
      put(c);
      t.go([&, c] {
        t.write();
        c.recv();
      });
      put(c);
      t.write();
    });
  });
}

// In Go's own detector all slots of a chan struct{} are one, which adds edges that the model does not have.
TEST(race_edges, RD_003_also_the_slots_of_a_channel_without_elements) {
  auto third_send = [](auto tag) {
    using T = typename decltype(tag)::type;
    // Two receivers free two slots; the third send reuses the first one's, whoever that was: so it is ordered
    // after one of them only.
    expect_race([](trial& t) {
      const chan<T> c(2);
      put(c);
      put(c);
      for (int i = 0; i < 2; ++i) {
        t.go([&, c] {
          t.read();
          c.recv();
        });
      }
      put(c);
      t.write();
    });
    expect_ordered([](trial& t) {  // the fourth is ordered after both
      const chan<T> c(2);
      put(c);
      put(c);
      for (int i = 0; i < 2; ++i) {
        t.go([&, c] {
          t.read();
          c.recv();
        });
      }
      put(c);
      put(c);
      t.write();
    });
  };
  struct empty {};
  third_send(std::type_identity<void>());
  third_send(std::type_identity<empty>());
  third_send(std::type_identity<int>());
}

TEST(race_edges, RD_004_a_close_is_released_to_whoever_sees_it) {
  for_each_element([]<class T>() {
    expect_ordered([](trial& t) {
      const chan<T> c(1);
      t.go([&, c] {
        t.write();
        c.close();
      });
      while (static_cast<bool>(c.next())) {
      }
      t.write();
    });
    expect_ordered([](trial& t) {  // seen by trying
      const chan<T> c;
      t.go([&, c] {
        t.write();
        c.close();
      });
      while (c.try_recv() != chan_status::closed) yield();
      t.write();
    });
    expect_race([](trial& t) {  // a try that sees nothing learns nothing
      const chan<T> c;
      t.go([&] { t.write(); });
      EXPECT_EQ(c.try_recv(), chan_status::empty);
      t.write();
    });
  });
}

template <class T>
events::object& object_of(const chan<T>& c) {
  return detail::handle_access::core(c)->object();
}

TEST(race_edges, RD_005_a_send_and_an_unordered_close_race_on_the_channel) {
  for_each_element([]<class T>() {
    for (int capacity : {0, 1}) {
      on_every_schedule(
          [=] {
            watch.forget();
            const chan<T> c(capacity);
            const chan<void> gone(1);
            wait_group wg;
            wg.go([=] { put(c); });
            wg.go([=] { c.recv(); });
            // Until both are through; how many goroutines there are orders nothing.
            while (num_goroutine() > 1) yield();
            c.close();
            EXPECT_TRUE(watch.channel_raced(object_of(c)));
            wg.wait();
          },
          50, 0);
      on_every_schedule([=] {
        watch.forget();
        const chan<T> c(capacity);
        wait_group wg;
        wg.go([=] { put(c); });
        wg.go([=] { c.recv(); });
        wg.wait();
        c.close();
        EXPECT_FALSE(watch.channel_raced(object_of(c)));
      });
    }
  });
}

TEST(race_edges, RD_009_a_first_add_and_an_unordered_wait_race_on_the_group) {
  // Whichever comes first, and also when the wait has nothing to wait for.
  on_every_schedule([] {
    watch.forget();
    watch.take_group_raced();
    wait_group wg, late;
    late.go([&] {
      wg.add(1);
      wg.done();
    });
    wg.wait();
    late.wait();
    EXPECT_TRUE(watch.take_group_raced());
  });
  // Adds of who is counted already, others who wait, and a second round once they have returned.
  on_every_schedule([] {
    watch.forget();
    watch.take_group_raced();
    wait_group wg, others;
    for (int round = 0; round < 2; ++round) {
      wg.add(1);
      others.go([&] { wg.wait(); });
      go([&] {
        wg.go([] {});
        wg.done();
      });
      wg.wait();
      others.wait();
    }
    EXPECT_FALSE(watch.take_group_raced());
  });
}

// An element that tells where it is read and written: what the plugin does for every type.
struct told {
  race_watch::variable* at = nullptr;
  std::uint64_t made_by = goroutine_id();
  explicit told(race_watch::variable* at = nullptr) : at(at) {}
  told(const told& other) : at(other.at) { other.read(); }
  told(told&& other) noexcept : at(other.at) { other.read(); }
  told& operator=(const told& other) {
    other.read();
    made_by = goroutine_id();
    if (at != nullptr) watch.access(*at, true);
    return *this;
  }
  void read() const {
    if (at != nullptr) watch.access(*at, false);
  }
};

TEST(race_edges, RD_006_sending_reads_the_source_and_receiving_writes_the_destination) {
  for (int capacity : {0, 1}) {
    expect_race([=](trial& t) {  // the source, with somebody who writes it
      const chan<told> c(capacity);
      t.go([&] { t.write(); });
      t.go([=] { (void)c.next(); });
      const told source(&t.x);
      c << source;
    });
    expect_ordered([=](trial& t) {  // written before the send, by the sender; after it nobody reads it
      const chan<told> c(capacity);
      t.go([=] { (void)c.next(); });
      const told source(&t.x);
      t.write();
      c << source;
      t.running.wait();
      t.write();
    });
    on_every_schedule([=] {  // each side's copy is made by its own goroutine
      const chan<told> c(capacity);
      race_watch::variable nowhere;
      std::uint64_t receiver = 0, made_by = 0;
      wait_group wg;
      wg.go([&, c] {
        told destination;
        EXPECT_TRUE(c.recv(destination));
        receiver = goroutine_id();
        made_by = destination.made_by;
      });
      c << told(&nowhere);
      wg.wait();
      EXPECT_EQ(made_by, receiver);
    });
  }
}

TEST(race_edges, RD_007_a_close_is_acquired_by_those_who_wait) {
  for_each_element([]<class T>() {
    expect_ordered([](trial& t) {
      const chan<T> c, never;
      t.go([&, c] {
        (void)c.next();
        t.read();
      });
      t.go([&, c, never] {
        select(on_recv(never), on_recv(c));
        t.read();
      });
      let_others_block();
      t.write();
      c.close();
    });
    expect_ordered(
        [](trial& t) {  // a sender too, before it panics
          const chan<T> c;
          t.go([&, c] {
            EXPECT_EQ(panic_of([&] { put(c); }), "send on closed channel");
            t.read();
          });
          let_others_block();
          t.write();
          c.close();
        },
        50, 0);  // on real threads it may come after the close, and acquires nothing
    expect_race([](trial& t) {
      const chan<T> c;
      t.go([&, c] {
        (void)c.next();
        t.read();
      });
      let_others_block();
      c.close();
      t.write();
    });
  });
}

TEST(race_edges, RD_008_done_merges_and_wait_acquires) {
  expect_ordered([](trial& t) {
    wait_group wg;
    for (int i = 0; i < 4; ++i) wg.go([&] { t.read(); });
    wg.wait();
    t.write();
  });
  expect_ordered([](trial& t) {  // several may wait
    wait_group wg;
    wg.go([&] { t.write(); });
    for (int i = 0; i < 3; ++i) {
      t.go([&, wg] {
        wg.wait();
        t.read();
      });
    }
  });
  expect_race([](trial& t) {  // add is no release
    wait_group wg;
    t.go([&, wg] {
      t.write();
      wg.add(1);
      wg.done();
    });
    wg.add(1);
    wg.done();
    t.write();
  });
}

TEST(race_edges, RD_010_a_readers_unlock_orders_the_next_writer_and_no_reader) {
  expect_ordered([](trial& t) {
    const auto m = std::make_shared<shared_mutex>();
    t.go([&, m] {
      const std::shared_lock lock(*m);
      t.read();
    });
    t.go([&, m] {
      const std::shared_lock lock(*m);
      t.read();
    });
    t.go([&, m] {
      const std::lock_guard lock(*m);
      t.write();
    });
  });
  expect_race([](trial& t) {  // the lock's own atomics order nothing
    const auto m = std::make_shared<shared_mutex>();
    for (int i = 0; i < 2; ++i) {
      t.go([&, m] {
        t.write();
        for (int k = 0; k < 3; ++k) {
          const std::shared_lock lock(*m);
        }
        t.write();
      });
    }
  });
}

TEST(race_edges, RD_011_a_lock_is_one_acquire_and_its_unlock_one_release) {
  expect_race([](trial& t) {  // trying in vain is no edge, though it looks at the word
    const auto m = std::make_shared<mutex>();
    m->lock();
    for (int i = 0; i < 2; ++i) {
      t.go([&, m, i] {
        if (i == 0) t.write();
        EXPECT_FALSE(m->try_lock());
        if (i == 1) t.write();
      });
    }
    t.running.wait();
    m->unlock();
  });
  while (num_goroutine() > 1) yield();  // whose ends would be events, too
  on_every_schedule(
      [] {
        mutex m;
        const std::size_t before = watch.events_seen();
        m.lock();
        const std::size_t locked = watch.events_seen();
        m.unlock();
        EXPECT_EQ(locked - before, 1u);
        EXPECT_EQ(watch.events_seen() - locked, 1u);
      },
      50, 0);  // on real threads others may still be ending
}

// Goroutines that meet in the runtime only: its run queues, tables, timers and stacks order nothing.
TEST(race_edges, RD_012_what_the_runtime_does_inside_orders_nothing) {
  expect_race([](trial& t) {
    t.go([&] {
      t.write();
      for (int i = 0; i < 3; ++i) yield();
    });
    t.go([&] {
      for (int i = 0; i < 3; ++i) yield();
      t.write();
    });
  });
  expect_race([](trial& t) {
    t.go([&] {
      t.write();
      sleep_for(std::chrono::microseconds(1));
    });
    t.go([&] {
      sleep_for(std::chrono::microseconds(2));
      t.write();
    });
  });
  expect_race([](trial& t) {  // channels of one's own, and a stack that another had
    for (int i = 0; i < 2; ++i) {
      t.go([&] {
        const chan<int> mine(1);
        t.write();
        mine << 1;
        mine.recv();
        select(on_recv(mine), on_default());
      });
      let_others_block();
    }
  });
}

TEST(race_edges, RD_013_goroutines_alive_at_once_have_no_small_limit) {
  constexpr int many = 9'000;  // GCC 12's detector dies at 8,128
  expect_race(
      [](trial& t) {
        watch.forget();
        const chan<void> over;
        wait_group all;
        all.go([&, over] {
          t.write();
          over.recv();
        });
        for (int i = 2; i < many; ++i) all.go([=] { over.recv(); });
        all.go([&, over] {
          t.write();
          over.recv();
        });
        while (num_goroutine() < many) yield();
        over.close();
        all.wait();
      },
      50, 3);
}

}  // namespace
}  // namespace snag::test
