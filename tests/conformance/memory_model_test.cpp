// SPDX-License-Identifier: Apache-2.0
// The Go memory model (go.dev/ref/mem, 2022-06-06): what is synchronized before what, each rule with its
// unordered twin; rules MM-001 to MM-024. race_watch.h computes the verdicts from the runtime's events.
#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <string>

#include "runtime/src/channel.h"
#include "snag/snag.h"
#include "tests/conformance/race_watch.h"

namespace snag::test {
namespace {

using trial = race_trial;

TEST(memory_model, MM_001_happens_before_is_transitive) {
  expect_ordered([](trial& t) {  // program order, then a channel, then a lock, then a channel
    const chan<int> a, b;
    const auto m = std::make_shared<mutex>();
    m->lock();
    t.go([=] {
      a.recv();
      const std::lock_guard lock(*m);
      b << 1;
    });
    t.go([=, &t] {
      b.recv();
      t.write();
    });
    a << 1;
    t.write();
    m->unlock();
  });
  expect_race([](trial& t) {  // a link is missing
    const chan<int> a(1), b(1);
    t.go([=, &t] {
      t.write();
      a << 1;
    });
    t.go([=, &t] {
      b.recv();
      t.write();
    });
    b << 1;
    a.recv();
  });
}

TEST(memory_model, MM_002_unordered_accesses_race_if_one_of_them_writes) {
  expect_race([](trial& t) {
    t.go([&] { t.write(); });
    t.go([&] { t.write(); });
  });
  expect_race([](trial& t) {
    t.go([&] { t.read(); });
    t.go([&] { t.write(); });
  });
  expect_race([](trial& t) {
    t.go([&] { t.write(); });
    t.read();
  });
  expect_ordered([](trial& t) {
    for (int i = 0; i < 4; ++i) t.go([&] { t.read(); });
    t.read();
  });
  expect_ordered([](trial& t) {
    t.write();
    t.read();
    t.write();
  });
}

// Store buffering and message passing, the two shapes that weak machines get wrong, with plain variables.
TEST(memory_model, MM_003_a_race_free_program_is_sequentially_consistent) {
  on_every_schedule(
      [] {
        mutex m;
        int x = 0, y = 0, seen_x = 0, seen_y = 0;
        wait_group wg;
        wg.go([&] {
          {
            const std::lock_guard lock(m);
            x = 1;
          }
          const std::lock_guard lock(m);
          seen_y = y;
        });
        wg.go([&] {
          {
            const std::lock_guard lock(m);
            y = 1;
          }
          const std::lock_guard lock(m);
          seen_x = x;
        });
        wg.wait();
        EXPECT_TRUE(seen_x == 1 || seen_y == 1);
        int message = 0;
        const chan<int> ready;
        wg.go([&, ready] {
          message = 42;
          ready << 1;
        });
        ready.recv();
        EXPECT_EQ(message, 42);
        wg.wait();
      },
      50, 500);
}

// In Go the reader would see the old value or the new one; in C++ anything may happen: a race all the same.
TEST(memory_model, MM_005_a_race_on_one_word_is_a_race) {
  expect_race([](trial& t) {
    t.write();  // the only value there ever is
    t.go([&] { t.write(); });
    t.read();
  });
  expect_ordered([](trial& t) {
    const chan<int> done;
    t.write();
    t.go([&, done] {
      t.write();
      done << 1;
    });
    done.recv();
    t.read();
  });
}

race_watch::variable initialised;
const bool written_before_main = [] {
  watch.access(initialised, true);
  return true;
}();
race_watch::variable not_initialised;

TEST(memory_model, MM_006_initialisation_comes_before_main) {
  EXPECT_TRUE(written_before_main);
  expect_ordered([](trial& t) {
    t.go([] { watch.access(initialised, false); });
    watch.access(initialised, false);
  });
  EXPECT_FALSE(initialised.raced());
  expect_ordered([](trial& t) {
    t.go([] { watch.access(not_initialised, true); });
    watch.access(not_initialised, false);
  });
  EXPECT_TRUE(not_initialised.raced()) << "what a goroutine writes is no initialisation";
}

TEST(memory_model, MM_007_the_go_statement_comes_before_the_goroutine) {
  expect_ordered([](trial& t) {
    t.write();
    t.go([&] {
      t.write();
      t.go([&] { t.write(); });
    });
  });
  expect_race([](trial& t) {
    t.go([&] { t.write(); });
    t.write();
  });
}

TEST(memory_model, MM_008_the_end_of_a_goroutine_comes_before_nothing) {
  expect_race([](trial& t) {
    t.go([&] { t.write(); });
    let_others_block();  // on the virtual clock it is over by now
    t.write();
  });
  expect_race([](trial& t) {
    t.go([&] { t.write(); });
    while (num_goroutine() > 2) yield();  // nor does counting them tell anything
    t.go([&] { t.write(); });
  });
  expect_ordered([](trial& t) {
    wait_group wg;
    wg.go([&] { t.write(); });
    wg.wait();
    t.write();
  });
}

TEST(memory_model, MM_009_a_send_comes_before_the_completion_of_its_receive) {
  for (int capacity : {0, 1, 3}) {
    expect_ordered([=](trial& t) {
      const chan<int> c(capacity);
      t.go([&, c] {
        t.write();
        c << 1;
      });
      c.recv();
      t.write();
    });
    expect_ordered([=](trial& t) {  // also by select, and with elements that are boxed
      const chan<std::string> c(capacity);
      const chan<int> never;
      t.go([&, c] {
        t.write();
        select(on_send(c, std::string("x")), on_recv(never));
      });
      select(on_recv(never), on_recv(c));
      t.write();
    });
    expect_race([=](trial& t) {
      const chan<int> c(capacity);
      t.go([&, c] {
        c << 1;
        t.write();
      });
      c.recv();
      t.write();
    });
  }
}

TEST(memory_model, MM_010_close_comes_before_a_receive_that_sees_it) {
  for (int capacity : {0, 1}) {
    expect_ordered([=](trial& t) {
      const chan<int> c(capacity);
      t.go([&, c] {
        t.write();
        c.close();
      });
      EXPECT_FALSE(c.next());
      t.write();
    });
    expect_ordered([=](trial& t) {
      const chan<int> c(capacity), never;
      t.go([&, c] {
        t.write();
        c.close();
      });
      select(on_recv(c), on_recv(never));
      t.read();
    });
    expect_race([=](trial& t) {
      const chan<int> c(capacity);
      t.go([&, c] {
        c.close();
        t.write();
      });
      EXPECT_FALSE(c.next());
      t.write();
    });
  }
}

TEST(memory_model, MM_011_a_receive_comes_before_the_completion_of_an_unbuffered_send) {
  expect_ordered([](trial& t) {
    const chan<int> c;
    t.go([&, c] {
      t.write();
      c.recv();
    });
    c << 1;
    t.write();
  });
  expect_race([](trial& t) {
    const chan<int> c;
    t.go([&, c] {
      c.recv();
      t.write();
    });
    c << 1;
    t.write();
  });
}

TEST(memory_model, MM_012_the_kth_receive_comes_before_the_end_of_send_k_plus_C) {
  for (int capacity : {1, 2, 4}) {
    expect_ordered([=](trial& t) {
      const chan<int> c(capacity);
      t.go([&, c] {
        t.write();
        c.recv();
      });
      for (int i = 0; i < capacity + 1; ++i) c << i;
      t.write();
    });
    expect_race([=](trial& t) {  // one send less
      const chan<int> c(capacity);
      t.go([&, c] {
        t.write();
        c.recv();
      });
      for (int i = 0; i < capacity; ++i) c << i;
      t.write();
    });
  }
  expect_ordered([](trial& t) {  // a counting semaphore; one permit: mutual exclusion
    const chan<void> c(1);
    for (int i = 0; i < 3; ++i) {
      t.go([&, c] {
        c.send();
        t.write();
        c.recv();
      });
    }
  });
  expect_race([](trial& t) {  // two permits: no mutual exclusion
    const chan<void> c(2);
    for (int i = 0; i < 2; ++i) {
      t.go([&, c] {
        c.send();
        t.write();
        c.recv();
      });
    }
  });
}

TEST(memory_model, MM_013_a_buffer_does_not_order_the_sender_after_the_receive) {
  expect_race([](trial& t) {
    const chan<int> c(1);
    t.go([&, c] {
      t.write();
      c.recv();
    });
    c << 1;
    t.write();
  });
  expect_ordered([](trial& t) {  // in the right direction
    const chan<int> c(1);
    t.go([&, c] {
      c.recv();
      t.write();
    });
    t.write();
    c << 1;
  });
}

template <class Mutex>
void unlock_comes_before_the_next_lock() {
  expect_ordered([](trial& t) {
    const auto m = std::make_shared<Mutex>();
    for (int i = 0; i < 3; ++i) {
      t.go([&, m] {
        const std::lock_guard lock(*m);
        t.write();
      });
    }
    const std::lock_guard lock(*m);
    t.write();
  });
  expect_race([](trial& t) {  // two locks are not one
    const auto m = std::make_shared<Mutex>(), other = std::make_shared<Mutex>();
    t.go([&, m] {
      const std::lock_guard lock(*m);
      t.write();
    });
    const std::lock_guard lock(*other);
    t.write();
  });
  expect_race([](trial& t) {  // after the unlock is not under the lock
    const auto m = std::make_shared<Mutex>();
    for (int i = 0; i < 2; ++i) {
      t.go([&, m] {
        m->lock();
        m->unlock();
        t.write();
      });
    }
  });
}
TEST(memory_model, MM_014_unlock_comes_before_the_next_lock) {
  unlock_comes_before_the_next_lock<mutex>();
  unlock_comes_before_the_next_lock<shared_mutex>();
}

TEST(memory_model, MM_015_readers_are_ordered_with_writers_and_not_with_each_other) {
  expect_ordered([](trial& t) {
    const auto m = std::make_shared<shared_mutex>();
    for (int i = 0; i < 3; ++i) {
      t.go([&, m] {
        const std::shared_lock lock(*m);
        t.read();
      });
    }
    const std::lock_guard lock(*m);
    t.write();
  });
  expect_race([](trial& t) {  // writing needs the writer's lock
    const auto m = std::make_shared<shared_mutex>();
    for (int i = 0; i < 2; ++i) {
      t.go([&, m] {
        const std::shared_lock lock(*m);
        t.write();
      });
    }
  });
  expect_race([](trial& t) {  // one reader after the other
    const auto m = std::make_shared<shared_mutex>();
    t.go([&, m] {
      t.write();
      m->lock_shared();
      m->unlock_shared();
    });
    t.go([&, m] {
      m->lock_shared();
      m->unlock_shared();
      t.write();
    });
  });
}

TEST(memory_model, MM_016_a_try_that_succeeds_is_a_lock_and_one_that_fails_is_nothing) {
  expect_ordered([](trial& t) {
    const auto m = std::make_shared<mutex>();
    for (int i = 0; i < 3; ++i) {
      t.go([&, m] {
        while (!m->try_lock()) yield();
        t.write();
        m->unlock();
      });
    }
  });
  expect_ordered([](trial& t) {
    const auto m = std::make_shared<shared_mutex>();
    for (int i = 0; i < 3; ++i) {
      t.go([&, m, i] {
        while (!(i == 0 ? m->try_lock() : m->try_lock_shared())) yield();
        i == 0 ? t.write() : t.read();
        i == 0 ? m->unlock() : m->unlock_shared();
      });
    }
  });
  expect_race([](trial& t) {
    const auto m = std::make_shared<mutex>();
    m->lock();
    t.write();
    t.go([&, m] { EXPECT_FALSE(m->try_lock()); });
    t.running.wait();
    t.go([&, m] {
      EXPECT_FALSE(m->try_lock());
      t.write();
    });
    t.write();
    t.running.wait();
    m->unlock();
  });
  expect_race([](trial& t) {
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
}

TEST(memory_model, MM_017_the_one_run_comes_before_the_return_of_every_call) {
  expect_ordered([](trial& t) {
    const auto o = std::make_shared<once>();
    for (int i = 0; i < 4; ++i) {
      t.go([&, o] {
        o->call([&] { t.write(); });
        t.read();
      });
    }
  });
  expect_race([](trial& t) {  // what follows the call of the one that ran it is another matter
    const auto o = std::make_shared<once>();
    for (int i = 0; i < 2; ++i) {
      t.go([&, o] {
        o->call([] {});
        t.write();
      });
    }
  });
}

// The machine's part. What the detector makes of atomics is tests/detector's, happens_before_test.
TEST(memory_model, MM_018_atomics_behave_as_in_one_order) {
  on_every_schedule(
      [] {
        std::atomic<int> x{0}, y{0}, flag{0};
        int data = 0, seen_x = -1, seen_y = -1, got = -1;
        int a1 = 0, a2 = 0, b1 = 0, b2 = 0;
        wait_group wg;
        wg.go([&] {
          x = 1;
          detail::schedule_point();
          seen_y = y;
        });
        wg.go([&] {
          y = 1;
          detail::schedule_point();
          seen_x = x;
        });
        wg.go([&] {
          data = 42;
          flag = 1;
        });
        wg.go([&] {
          while (flag == 0) yield();
          got = data;
        });
        wg.go([&] {
          a1 = x;
          detail::schedule_point();
          a2 = y;
        });
        wg.go([&] {
          b1 = y;
          detail::schedule_point();
          b2 = x;
        });
        wg.wait();
        EXPECT_TRUE(seen_x == 1 || seen_y == 1) << "store buffering";
        EXPECT_EQ(got, 42) << "message passing";
        EXPECT_FALSE(a1 == 1 && a2 == 0 && b1 == 1 && b2 == 0) << "two readers saw two orders";
      },
      50, 500);
}

TEST(memory_model, MM_019_a_notification_comes_before_the_wait_it_ends) {
  struct shared {
    mutex m;
    condition_variable c;
    bool waiting = false;
  };
  for (bool all : {false, true}) {
    auto notifies = [all](trial& t, bool writes_before) {
      const auto s = std::make_shared<shared>();
      t.go([&, s] {
        std::unique_lock lock(s->m);
        s->waiting = true;
        s->c.wait(lock);
        t.write();
      });
      for (bool waits = false; !waits; yield()) {
        const std::lock_guard lock(s->m);
        waits = s->waiting;
      }
      if (writes_before) t.write();
      all ? s->c.notify_all() : s->c.notify_one();  // without the lock: nothing else orders the two
      if (!writes_before) t.write();
    };
    expect_ordered([=](trial& t) { notifies(t, true); });
    expect_race([=](trial& t) { notifies(t, false); });
  }
}

TEST(memory_model, MM_020_done_comes_before_the_wait_it_ends) {
  expect_ordered([](trial& t) {
    wait_group wg;
    wg.add(2);
    t.go([&, wg] {
      t.read();
      wg.done();
    });
    t.go([&, wg] {
      t.read();
      wg.done();
    });
    wg.wait();
    t.write();
  });
  expect_race([](trial& t) {
    wait_group wg;
    wg.add(1);
    t.go([&, wg] {
      wg.done();
      t.write();
    });
    wg.wait();
    t.write();
  });
  expect_race([](trial& t) {  // those who are done are not ordered among themselves
    wait_group wg;
    wg.add(2);
    for (int i = 0; i < 2; ++i) {
      t.go([&, wg] {
        t.write();
        wg.done();
      });
    }
    wg.wait();
  });
}

// Where there are pools and maps: table.py says that these rules are not tested as long as there are none.
TEST(memory_model, MM_021_putting_into_a_pool_comes_before_the_get_that_answers_it) {
  expect_ordered([](trial& t) {
    const auto p = std::make_shared<pool<int>>();
    t.go([&, p] {
      t.write();
      p->put(7);
    });
    while (p->get() != 7) yield();
    t.write();
  });
  expect_ordered([](trial& t) {  // what is new was made before it is answered
    const auto p = std::make_shared<pool<int>>([&t] {
      t.write();
      return 7;
    });
    EXPECT_EQ(p->get(), 7);
    t.read();
  });
  expect_race([](trial& t) {
    const auto p = std::make_shared<pool<int>>();
    t.go([&, p] {
      p->put(7);
      t.write();
    });
    while (p->get() != 7) yield();
    t.write();
  });
}

TEST(memory_model, MM_022_a_write_into_a_map_comes_before_a_read_that_observes_it) {
  using map = sync_map<int, int>;
  auto writes = [](auto operation) {
    expect_ordered([=](trial& t) {
      const auto m = std::make_shared<map>();
      t.go([&, m] {
        t.write();
        operation(*m);
      });
      while (m->load(1) != std::optional(5)) yield();
      t.write();
    });
    expect_race([=](trial& t) {
      const auto m = std::make_shared<map>();
      t.go([&, m] {
        operation(*m);
        t.write();
      });
      while (m->load(1) != std::optional(5)) yield();
      t.write();
    });
  };
  writes([](map& m) { m.store(1, 5); });
  writes([](map& m) { EXPECT_FALSE(m.load_or_store(1, 5).loaded); });
  writes([](map& m) { EXPECT_FALSE(m.swap(1, 5)); });
  expect_ordered([](trial& t) {  // load_and_delete is a read
    const auto m = std::make_shared<map>();
    t.go([&, m] {
      t.write();
      m->store(1, 5);
    });
    while (!m->load_and_delete(1)) yield();
    t.write();
  });
  expect_race([](trial& t) {  // what finds a value there is a read, and reads order nothing
    const auto m = std::make_shared<map>();
    m->store(1, 5);
    for (int i = 0; i < 2; ++i) {
      t.go([&, m] {
        t.write();
        EXPECT_TRUE(m->load_or_store(1, 6).loaded);
        t.write();
      });
    }
  });
}
TEST(memory_model, MM_022_a_deletion_comes_before_a_read_that_finds_nothing) {
  expect_ordered([](trial& t) {  // load_and_delete is a write, too
    const auto m = std::make_shared<sync_map<int, int>>();
    m->store(1, 5);
    t.go([&, m] {
      t.write();
      EXPECT_EQ(m->load_and_delete(1), std::optional(5));
    });
    while (m->load(1)) yield();
    t.write();
  });
}

// C++ has no finalizers; what comes nearest is the destructor of a value that nobody received, run by whoever
// drops the channel's last handle. A send and that drop are ordered by what passes the permission on.
TEST(memory_model, MM_023_what_was_done_to_a_value_comes_before_its_destruction) {
  struct noted {
    trial* t = nullptr;
    explicit noted(trial* t) : t(t) {}
    noted(noted&& other) noexcept : t(std::exchange(other.t, nullptr)) {}
    ~noted() {
      if (t != nullptr) t->write();
    }
  };
  expect_ordered([](trial& t) {
    auto c = std::make_unique<chan<noted>>(1);
    const chan<void> sent;
    t.go([&t, in = *c, sent]() mutable {
      noted n(&t);
      t.write();
      in << std::move(n);
      in = nullptr;
      sent.send();
    });
    sent.recv();
    c.reset();  // destroys what was never received
  });
  on_every_schedule([] {  // exactly once, whoever is last
    std::atomic<int> destroyed{0};
    {
      const chan<std::shared_ptr<int>> c(3);
      wait_group wg;
      for (int i = 0; i < 3; ++i) {
        wg.go(
            [&, c] { c << std::shared_ptr<int>(new int(1), [&](const int* p) { delete p, ++destroyed; }); });
      }
      wg.wait();
      EXPECT_EQ(destroyed, 0);
    }
    EXPECT_EQ(destroyed, 3);
  });
}

TEST(memory_model, MM_024_a_send_and_a_close_that_nothing_orders_race) {
  // On the word of the channel that race_watch keeps, as Go's detector and ours do.
  auto object_of = [](const chan<int>& c) -> events::object& {
    return detail::handle_access::core(c)->object();
  };
  on_every_schedule([&] {
    watch.forget();
    const chan<int> c(1);
    wait_group wg;
    std::atomic<bool> sent{false};
    wg.go([&, c] { sent = panic_of([&] { c << 1; }).empty(); });
    let_others_block();
    c.close();
    wg.wait();
    EXPECT_EQ(watch.channel_raced(object_of(c)), sent.load()) << "whoever came too late has panicked";
  });
  on_every_schedule([&] {
    watch.forget();
    const chan<int> c(1);
    wait_group wg;
    wg.go([=] { c << 1; });
    wg.wait();  // orders them
    c.close();
    EXPECT_FALSE(watch.channel_raced(object_of(c)));
  });
}

}  // namespace
}  // namespace snag::test
