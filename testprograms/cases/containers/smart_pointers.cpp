// SPDX-License-Identifier: Apache-2.0
// std::unique_ptr, shared_ptr and weak_ptr. Copies of a shared_ptr may be made and destroyed anywhere; one
// shared_ptr object is a variable like any other, and so is what it points to.
#include <atomic>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "sides.h"

namespace {

struct account {
  int balance = 0;
  std::string owner = "an owner whose name does not fit into the string object";
};

struct session : std::enable_shared_from_this<session> {
  int requests = 0;
};

}  // namespace

RACE(unique_reset_and_get) {
  auto savings = std::make_unique<account>();
  one_after_the_other([&] { savings.reset(new account); },  // <- 1
                      [&] { keep(savings.get()); });        // <- 2
}

NO_RACE(unique_reset_and_get_locked) {
  auto savings = std::make_unique<account>();
  under_one_mutex([&] { savings.reset(new account); }, [&] { keep(savings.get()); });
}

NO_RACE(unique_reset_and_get_handed_over) {
  auto savings = std::make_unique<account>();
  handed_over([&] { savings->balance = 1; }, [&] { savings.reset(); });
}

RACE(unique_object_and_reset) {
  auto savings = std::make_unique<account>();
  one_after_the_other([&] { keep(savings->balance); },  // <- 1
                      [&] { savings.reset(); });        // <- 2
}

RACE(unique_moved_from_and_tested) {
  auto savings = std::make_unique<account>();
  one_after_the_other([&] { const auto mine = std::move(savings); },  // <- 1
                      [&] { keep(savings == nullptr); });             // <- 2
}

RACE(unique_array_element) {
  const auto numbers = std::make_unique<int[]>(4);
  side_by_side([&] { numbers[1] = 7; },     // <- 1
               [&] { keep(numbers[1]); });  // <- 2
}

NO_RACE(unique_array_other_element) {
  const auto numbers = std::make_unique<int[]>(4);
  side_by_side([&] { numbers[1] = 7; }, [&] { numbers[2] = 7; });
}

RACE(unique_swap_and_object) {
  auto savings = std::make_unique<account>(), other = std::make_unique<account>();
  side_by_side([&] { savings.swap(other); },      // <- 1
               [&] { keep(savings->balance); });  // <- 2
}

#ifndef ON_THREADS
NO_RACE(unique_sent_through_a_channel) {
  snag::chan<std::unique_ptr<account>> belt;
  snag::wait_group both;
  both.go([=] {
    auto savings = std::make_unique<account>();
    savings->balance = 1;
    belt << std::move(savings);
  });
  both.go([=] {
    const std::unique_ptr<account> savings = belt.recv();
    savings->balance += 1;
  });
  both.wait();
}
#endif

NO_RACE(shared_copies_of_distinct_copies, "counts are atomic") {
  const auto savings = std::make_shared<account>();
  all_sides all;
  for (int side = 0; side < 4; ++side)
    all.go([mine = savings] {
      for (int i = 0; i < 20; ++i) {
        const std::shared_ptr<account> copy = mine;
        keep(copy);
      }
    });
  all.wait();
}

NO_RACE(shared_copied_by_two, "copying reads the pointer and changes the count") {
  const auto savings = std::make_shared<account>();
  const auto copy = [&] { keep(savings); };
  side_by_side(copy, copy);
}

RACE(shared_assigned_and_read) {
  auto savings = std::make_shared<account>();
  one_after_the_other([&] { savings = std::make_shared<account>(); },  // <- 1
                      [&] { keep(savings); });                         // <- 2
}

NO_RACE(shared_assigned_and_read_locked) {
  auto savings = std::make_shared<account>();
  under_one_mutex([&] { savings = std::make_shared<account>(); }, [&] { keep(savings); });
}

RACE(shared_reset_and_get) {
  auto savings = std::make_shared<account>();
  const auto other = savings;
  side_by_side([&] { savings.reset(); },       // <- 1
               [&] { keep(savings.get()); });  // <- 2
}

RACE(shared_swap_and_copy) {
  auto savings = std::make_shared<account>(), other = std::make_shared<account>();
  one_after_the_other([&] { savings.swap(other); },  // <- 1
                      [&] { keep(other); });         // <- 2
}

RACE(shared_object_written_by_two) {
  const auto savings = std::make_shared<account>();
  side_by_side([mine = savings] { mine->balance = 1; },   // <- 1
               [mine = savings] { mine->balance = 2; });  // <- 2
}

RACE(shared_copy_after_a_drop, "that one owner let go orders nothing for another who makes a copy") {
  auto savings = std::make_shared<account>();
  one_after_the_other(
      [&] {
        const auto own = savings;
        own->balance = 1;  // <- 1
      },
      [&] {
        const auto own = savings;
        keep(own->balance);  // <- 2
      });
}

NO_RACE(shared_use_count, "what it says may be old, but reading it is no race") {
  const auto savings = std::make_shared<account>();
  side_by_side([&] { keep(savings.use_count()); }, [mine = savings] { const auto copy = mine; });
}

NO_RACE(shared_destroyed_by_the_last_owner, "the other owner wrote before it let go") {
  auto savings = std::make_shared<account>();
  all_sides both;
  both.go([mine = savings]() mutable {
    mine->balance = 1;
    mine.reset();
  });
  both.go([mine = std::move(savings)]() mutable { mine.reset(); });
  both.wait();
}

NO_RACE(shared_from_new_destroyed_by_the_last_owner, "object and counts are two blocks") {
  std::shared_ptr<account> savings(new account);
  all_sides both;
  both.go([mine = savings]() mutable {
    mine->owner += '!';
    mine.reset();
  });
  both.go([mine = std::move(savings)]() mutable {
    keep(mine->balance);
    mine.reset();
  });
  both.wait();
}

NO_RACE(shared_with_a_deleter) {
  int deleted = 0;
  {
    std::shared_ptr<account> savings(new account, [&](account* a) {
      ++deleted;
      delete a;
    });
    all_sides both;
    both.go([mine = savings] { mine->balance = 1; });
    both.go([mine = std::move(savings)] { keep(mine.get()); });
    both.wait();
  }
  keep(deleted);
}

RACE(shared_raw_pointer_outlives_the_last_owner) {
  auto savings = std::make_shared<account>();
  account* const raw = savings.get();
  one_after_the_other([&] { raw->balance = 1; },  // <- 1
                      [&] { savings.reset(); });  // <- 2
}

RACE(shared_alias_of_a_member) {
  const auto savings = std::make_shared<account>();
  const std::shared_ptr<int> balance(savings, &savings->balance);
  side_by_side([&] { *balance = 1; },             // <- 1
               [&] { keep(savings->balance); });  // <- 2
}

NO_RACE(shared_alias_keeps_all_alive) {
  auto savings = std::make_shared<account>();
  std::shared_ptr<std::string> owner(savings, &savings->owner);
  side_by_side([mine = std::move(savings)]() mutable { mine.reset(); },
               [mine = std::move(owner)]() mutable {
                 mine->append("!");
                 mine.reset();
               });
}

NO_RACE(shared_casts) {
  const std::shared_ptr<void> thing = std::make_shared<account>();
  const auto look = [&] { keep(std::static_pointer_cast<account>(thing)->balance); };
  side_by_side(look, look);
}

RACE(shared_array_element) {
  const std::shared_ptr<int[]> numbers(new int[4]);
  side_by_side([&] { numbers[1] = 7; },     // <- 1
               [&] { keep(numbers[1]); });  // <- 2
}

NO_RACE(weak_lock_and_last_reset) {
  auto savings = std::make_shared<account>();
  std::weak_ptr<account> watch = savings;
  side_by_side(
      [mine = std::move(savings)]() mutable {
        mine->balance = 1;
        mine.reset();
      },
      [&] {
        if (const auto still = watch.lock()) keep(still.use_count());
        keep(watch.expired());
      });
}

RACE(weak_lock_and_read_of_what_is_written) {
  const auto savings = std::make_shared<account>();
  const std::weak_ptr<account> watch = savings;
  side_by_side([&] { savings->balance = 1; },          // <- 1
               [&] { keep(watch.lock()->balance); });  // <- 2
}

RACE(weak_assigned_and_locked) {
  auto savings = std::make_shared<account>(), other = std::make_shared<account>();
  std::weak_ptr<account> watch = savings;
  side_by_side([&] { watch = other; },           // <- 1
               [&] { keep(watch.expired()); });  // <- 2
}

NO_RACE(weak_assigned_and_locked_locked) {
  auto savings = std::make_shared<account>(), other = std::make_shared<account>();
  std::weak_ptr<account> watch = savings;
  under_one_mutex([&] { watch = other; }, [&] { keep(watch.lock()); });
}

NO_RACE(weak_copies) {
  const auto savings = std::make_shared<account>();
  const std::weak_ptr<account> watch = savings;
  const auto copy = [&] { const std::weak_ptr<account> mine = watch; };
  side_by_side(copy, copy);
}

NO_RACE(from_this_by_two) {
  const auto current = std::make_shared<session>();
  const auto look = [&] { keep(current->shared_from_this()); };
  side_by_side(look, look);
}

RACE(from_this_and_write) {
  const auto current = std::make_shared<session>();
  side_by_side([&] { current->shared_from_this()->requests = 1; },  // <- 1
               [&] { keep(current->requests); });                   // <- 2
}

NO_RACE(from_this_outlives_the_first_owner) {
  auto current = std::make_shared<session>();
  session* const raw = current.get();
  all_sides both;
  both.go([self = raw->weak_from_this()] {
    if (const auto alive = self.lock()) alive->requests = 1;
  });
  both.go([mine = std::move(current)]() mutable { mine.reset(); });
  both.wait();
}

NO_RACE(atomic_free_functions) {
  auto savings = std::make_shared<account>();
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wdeprecated-declarations"
  side_by_side(
      [&] {
        auto fresh = std::make_shared<account>();
        fresh->balance = 1;
        std::atomic_store(&savings, std::move(fresh));
      },
      [&] { keep(std::atomic_load(&savings)->balance); });
#pragma clang diagnostic pop
}

#ifdef __cpp_lib_atomic_shared_ptr
#ifdef __cpp_lib_atomic_shared_ptr
NO_RACE(atomic_shared_ptr) {
  std::atomic<std::shared_ptr<account>> savings = std::make_shared<account>();
  side_by_side(
      [&] {
        auto fresh = std::make_shared<account>();
        fresh->balance = 1;
        savings.store(std::move(fresh));
      },
      [&] { keep(savings.load()->balance); });
}

#endif

RACE(atomic_shared_ptr_object) {
  std::atomic<std::shared_ptr<account>> savings = std::make_shared<account>();
  side_by_side([&] { savings.load()->balance = 1; },     // <- 1
               [&] { keep(savings.load()->balance); });  // <- 2
}

NO_RACE(atomic_shared_ptr_publishes) {
  std::atomic<std::shared_ptr<account>> savings;
  side_by_side(
      [&] {
        auto opened = std::make_shared<account>();
        opened->balance = 1;
        savings.store(std::move(opened), std::memory_order_release);
      },
      [&] {
        if (const auto seen = savings.load(std::memory_order_acquire)) keep(seen->balance);
      });
}

NO_RACE(atomic_shared_ptr_replaced_by_two) {
  std::atomic<std::shared_ptr<const account>> savings = std::make_shared<const account>();
  const auto deposit = [&] {
    for (int i = 0; i < 20; ++i) {
      auto seen = savings.load();
      std::shared_ptr<account> next;
      do {
        next = std::make_shared<account>(*seen);
        ++next->balance;
      } while (!savings.compare_exchange_weak(seen, next));
    }
  };
  side_by_side(deposit, deposit);
}
#endif

NO_RACE(tree_of_shared_nodes, "the last owner of a tree destroys it, whoever that is") {
  struct node {
    std::vector<std::shared_ptr<node>> children;
    int value = 0;
  };
  auto root = std::make_shared<node>();
  for (int i = 0; i < 5; ++i) root->children.push_back(std::make_shared<node>());
  all_sides all;
  for (std::size_t i = 0; i < 5; ++i)
    all.go([mine = root->children[i]]() mutable {
      mine->value = 7;
      mine.reset();
    });
  all.go([mine = std::move(root)]() mutable { mine.reset(); });
  all.wait();
}
