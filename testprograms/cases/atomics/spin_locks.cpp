// SPDX-License-Identifier: Apache-2.0
// Locks and barriers of one's own, each right and with one of its orders too weak.
#include "litmus.h"

namespace {

// Three who each enter once.
template <class Lock>
void enter_in_turns(Lock& lock) {
  int data = 0;
  const auto enter = [&] {
    lock.lock();
    ++data;
    lock.unlock();
  };
  in_goroutines(enter, enter, enter);
  look_at(data);
}

struct test_and_set_lock {
  std::memory_order take, give;
  std::atomic<bool> is_locked = false;
  void lock() {
    while (is_locked.exchange(true, take)) await(is_locked, false, relaxed);
  }
  void unlock() { is_locked.store(false, give); }
};

struct compare_exchange_lock {
  std::memory_order take, give;
  std::atomic<int> state = 0;
  void lock() {
    int expected = 0;
    while (!state.compare_exchange_weak(expected, 1, take, relaxed)) {
      expected = 0;
      snag::yield();
    }
  }
  void unlock() { state.fetch_sub(1, give); }
};

struct ticket_lock {
  std::memory_order draw, look, give;
  std::atomic<unsigned> next = 0, serving = 0;
  void lock() {
    const unsigned mine = next.fetch_add(1, draw);
    await(serving, mine, look);
  }
  void unlock() { serving.store(serving.load(relaxed) + 1, give); }
};

struct mcs_orders {
  std::memory_order enqueue = acq_rel, link = release, look_for_link = acquire, give = release,
                    look = acquire, leave = release;
};

// Mellor-Crummey and Scott's: each waits at a node of its own, which the one before it in the queue opens.
struct mcs_lock {
  struct node {
    std::atomic<node*> next = nullptr;
    std::atomic<bool> must_wait = true;
  };
  mcs_orders order;
  std::atomic<node*> tail = nullptr;

  void lock(node& self) {
    node* const before = tail.exchange(&self, order.enqueue);
    if (before == nullptr) return;
    before->next.store(&self, order.link);
    await(self.must_wait, false, order.look);
  }
  void unlock(node& self) {
    node* after = self.next.load(order.look_for_link);
    if (after == nullptr) {
      node* expected = &self;
      if (tail.compare_exchange_strong(expected, nullptr, order.leave, relaxed)) return;
      while ((after = self.next.load(order.look_for_link)) == nullptr) snag::yield();
    }
    after->must_wait.store(false, order.give);
  }
};

// The first leaves once the second stands behind it, so the lock is handed from one to the other.
void hand_over(mcs_orders order) {
  int data = 0;
  mcs_lock lock{order};
  in_threads(
      [&] {
        mcs_lock::node self;
        lock.lock(self);
        ++data;
        while (lock.tail.load(relaxed) == &self) snag::yield();
        lock.unlock(self);
      },
      [&] {
        while (lock.tail.load(relaxed) == nullptr) snag::yield();
        mcs_lock::node self;
        lock.lock(self);
        ++data;
        lock.unlock(self);
      });
}

// The second comes once the first has left.
void come_later(mcs_orders order) {
  int data = 0;
  mcs_lock lock{order};
  std::atomic<bool> has_left = false;
  in_goroutines(
      [&] {
        mcs_lock::node self;
        lock.lock(self);
        ++data;
        lock.unlock(self);
        has_left.store(true, relaxed);
      },
      [&] {
        await(has_left, true, relaxed);
        mcs_lock::node self;
        lock.lock(self);
        ++data;
        lock.unlock(self);
      });
}

// Any number of readers, or one writer, which is counted as -1.
struct reader_writer_lock {
  std::memory_order take = acquire, readers_give = release, writer_gives = release;
  std::atomic<int> users = 0;
  void lock() {
    for (int none = 0; !users.compare_exchange_weak(none, -1, take, relaxed); none = 0) snag::yield();
  }
  void unlock() { users.store(0, writer_gives); }
  void lock_shared() {
    for (int seen = 0;; snag::yield()) {
      seen = users.load(relaxed);
      if (seen >= 0 && users.compare_exchange_weak(seen, seen + 1, take, relaxed)) return;
    }
  }
  void unlock_shared() { users.fetch_sub(1, readers_give); }
};

// The writer comes once both readers have left.
void write_after_readers(reader_writer_lock&& lock) {
  int data = 0;
  std::atomic<int> readers_left = 0;
  const auto reader = [&] {
    lock.lock_shared();
    look_at(data);
    lock.unlock_shared();
    readers_left.fetch_add(1, relaxed);
  };
  in_goroutines(reader, reader, [&] {
    await(readers_left, 2, relaxed);
    lock.lock();
    data = 1;
    lock.unlock();
  });
}

// The readers come once the writer has left.
void read_after_writer(reader_writer_lock&& lock) {
  int data = 0;
  std::atomic<bool> writer_left = false;
  const auto reader = [&] {
    await(writer_left, true, relaxed);
    lock.lock_shared();
    look_at(data);
    lock.unlock_shared();
  };
  in_threads(reader, reader, [&] {
    lock.lock();
    data = 1;
    lock.unlock();
    writer_left.store(true, relaxed);
  });
}

// Three meet twice. Who comes last opens the barrier for the others.
void meet(std::memory_order arrive, std::memory_order open, std::memory_order look) {
  int data[3] = {};
  std::atomic<int> missing = 3, opened = 0;
  const auto wait = [&](int round) {
    if (missing.fetch_sub(1, arrive) == 1) {
      missing.store(3, relaxed);
      opened.store(round, open);
    } else {
      await(opened, round, look);
    }
  };
  const auto party = [&](int self) {
    data[self] = 1;
    wait(1);
    look_at(data[(self + 1) % 3] + data[(self + 2) % 3]);
    wait(2);
    data[self] = 2;
  };
  in_goroutines([&] { party(0); }, [&] { party(1); }, [&] { party(2); });
}

}  // namespace

NO_RACE(test_and_set, "[atomics.order]/2: the exchange reads from the release store") {
  test_and_set_lock lock{acquire, release};
  enter_in_turns(lock);
}

RACE(test_and_set_takes_relaxed, "[atomics.order]/1: who enters acquires nothing") {
  test_and_set_lock lock{relaxed, release};
  enter_in_turns(lock);
}

RACE(test_and_set_gives_relaxed, "[atomics.order]/1: who leaves releases nothing") {
  test_and_set_lock lock{acquire, relaxed};
  enter_in_turns(lock);
}

NO_RACE(compare_exchange, "[atomics.order]/2: the exchange reads what the release operation wrote") {
  compare_exchange_lock lock{acquire, release};
  enter_in_turns(lock);
}

RACE(compare_exchange_takes_relaxed, "[atomics.order]/1: who enters acquires nothing") {
  compare_exchange_lock lock{relaxed, release};
  enter_in_turns(lock);
}

RACE(compare_exchange_gives_by_acquire, "[atomics.order]/1: who leaves releases nothing") {
  compare_exchange_lock lock{acquire, acquire};
  enter_in_turns(lock);
}

NO_RACE(ticket, "[atomics.order]/2: the tickets may be relaxed, who is served is released and acquired") {
  ticket_lock lock{relaxed, acquire, release};
  enter_in_turns(lock);
}

RACE(ticket_looks_relaxed, "[atomics.order]/1: who enters acquires nothing") {
  ticket_lock lock{acq_rel, relaxed, release};
  enter_in_turns(lock);
}

RACE(ticket_gives_relaxed, "[atomics.order]/1: who leaves releases nothing") {
  ticket_lock lock{acq_rel, acquire, relaxed};
  enter_in_turns(lock);
}

NO_RACE(mcs_handed_over, "[atomics.order]/2: by way of the node of the one who waits") { hand_over({}); }

RACE(mcs_handed_over_gives_relaxed, "[atomics.order]/1: who leaves releases nothing") {
  hand_over({.give = relaxed});
}

RACE(mcs_handed_over_looks_relaxed, "[atomics.order]/1: who enters acquires nothing") {
  hand_over({.look = relaxed});
}

RACE(mcs_enqueues_relaxed,
     "[atomics.types.operations]: a node's initialisation is not ordered before its use") {
  hand_over({.enqueue = relaxed});
}

RACE(mcs_links_relaxed, "[atomics.types.operations]: a node's initialisation is not ordered before its use") {
  hand_over({.link = relaxed});
}

RACE(mcs_looks_for_the_link_relaxed, "[atomics.types.operations]: a node's initialisation is not ordered") {
  hand_over({.look_for_link = relaxed});
}

NO_RACE(mcs_taken_later, "[atomics.order]/2: the exchange of the tail reads that nobody is left") {
  come_later({});
}

RACE(mcs_taken_later_leaves_relaxed, "[atomics.order]/1: who leaves releases nothing") {
  come_later({.leave = relaxed});
}

RACE(mcs_taken_later_enqueues_by_release, "[atomics.order]/1: who enters acquires nothing") {
  come_later({.enqueue = release});
}

NO_RACE(readers_then_writer, "[intro.races]/5: the last reader is in the sequence of each before it") {
  write_after_readers({});
}

RACE(readers_then_writer_readers_give_relaxed, "[atomics.order]/1: who has read releases nothing") {
  write_after_readers({.readers_give = relaxed});
}

RACE(readers_then_writer_take_relaxed, "[atomics.order]/1: who writes acquires nothing") {
  write_after_readers({.take = relaxed});
}

NO_RACE(writer_then_readers, "[intro.races]/5: the first reader's entry continues the writer's sequence") {
  read_after_writer({});
}

RACE(writer_then_readers_writer_gives_relaxed, "[atomics.order]/1: who has written releases nothing") {
  read_after_writer({.writer_gives = relaxed});
}

RACE(writer_then_readers_take_relaxed, "[atomics.order]/1: who reads acquires nothing") {
  read_after_writer({.take = relaxed});
}

NO_RACE(barrier, "[intro.races]/9: from each arrival to the last one, and from there to each departure") {
  meet(acq_rel, release, acquire);
}

RACE(barrier_arrivals_release_only, "[intro.races]/9: the last one acquires nothing to pass on") {
  meet(release, release, acquire);
}

RACE(barrier_arrivals_acquire_only, "[atomics.order]/1: the first ones release nothing") {
  meet(acquire, release, acquire);
}

RACE(barrier_opened_relaxed, "[atomics.order]/1: the last one releases nothing") {
  meet(acq_rel, relaxed, acquire);
}

RACE(barrier_looked_at_relaxed, "[atomics.order]/1: the first ones acquire nothing") {
  meet(acq_rel, release, relaxed);
}
