// SPDX-License-Identifier: Apache-2.0
#include <atomic>
#include <mutex>
#include <shared_mutex>
#include <vector>

#include "snag/snag.h"
#include "tests/stress/scenarios.h"

namespace snag::test {
namespace {

using namespace std::chrono_literals;

// Data that is whole only while the lock is held, by every way to hold it.
void keep_pairs_equal(random_source& random) {
  struct {
    mutex plain;
    shared_mutex shared;
    std::mutex standard;
    long a = 0, b = 0, c = 0, d = 0, e = 0, f = 0;
  } data;
  std::atomic<long> expected{0};
  const int members = 2 + below(random, 6), rounds = 20 + below(random, 100);
  wait_group all;
  for (int m = 0; m < members; ++m)
    all.go([&, mine = random_source(random())]() mutable {
      for (int n = 0; n < rounds; ++n) {
        const bool gives_way = below(mine, 3) == 0;
        const auto change = [&](long& x, long& y) {
          must(x == y, "two goroutines held one lock");
          ++x;
          if (gives_way) yield();
          ++y;
          must(x == y, "two goroutines held one lock");
          expected.fetch_add(1);
        };
        switch (below(mine, 5)) {
          case 0: {
            const std::lock_guard hold(data.plain);
            change(data.a, data.b);
            break;
          }
          case 1:
            if (data.plain.try_lock()) {
              const std::lock_guard hold(data.plain, std::adopt_lock);
              change(data.a, data.b);
            }
            break;
          case 2: {
            const std::lock_guard hold(data.shared);
            change(data.c, data.d);
            break;
          }
          case 3: {
            const std::shared_lock hold(data.shared);
            must(data.c == data.d, "a reader met a writer");
            if (gives_way) yield();
            must(data.c == data.d, "a reader met a writer");
            break;
          }
          default: {
            const std::lock_guard hold(data.standard);
            change(data.e, data.f);
          }
        }
      }
    });
  all.wait();
  must(data.a + data.c + data.e == expected.load(), "a change was lost");
}

// A bounded queue on condition variables, with and without deadlines.
void pass_through_conditions(random_source& random) {
  mutex lock;
  condition_variable not_full, not_empty;
  std::vector<int> queue;
  const std::size_t capacity = 1 + static_cast<std::size_t>(below(random, 4));
  const int pairs = 1 + below(random, 4), each = 20 + below(random, 100);
  long taken = 0;
  wait_group all;
  for (int p = 0; p < pairs; ++p) {
    all.go([&] {
      for (int n = 1; n <= each; ++n) {
        std::unique_lock hold(lock);
        not_full.wait(hold, [&] { return queue.size() < capacity; });
        queue.push_back(n);
        not_empty.notify_one();
      }
    });
    all.go([&, mine = random_source(random())]() mutable {
      for (int n = 1; n <= each; ++n) {
        std::unique_lock hold(lock);
        const auto any = [&] { return !queue.empty(); };
        if (below(mine, 3) == 0) {
          while (!not_empty.wait_for(hold, 50us, any)) {
          }
        } else {
          not_empty.wait(hold, any);
        }
        taken += queue.back();
        queue.pop_back();
        if (below(mine, 4) == 0)
          not_full.notify_all();
        else
          not_full.notify_one();
      }
    });
  }
  all.wait();
  must(queue.empty() && taken == static_cast<long>(pairs) * each * (each + 1) / 2, "an element was lost");
}

void initialise_once(random_source& random) {
  once first;
  std::atomic<int> runs{0};
  int value = 0;
  wait_group all;
  for (int i = 2 + below(random, 8); i > 0; --i)
    all.go([&, gives_way = below(random, 2) == 0] {
      if (gives_way) yield();
      first.call([&] {
        ++runs;
        yield();
        value = 42;
      });
      must(value == 42, "once returned before the first call had");
    });
  all.wait();
  must(runs == 1, "once ran twice");
}

}  // namespace

void guard_data(std::uint64_t seed) {
  random_source random(seed);
  keep_pairs_equal(random);
  pass_through_conditions(random);
  initialise_once(random);
}

}  // namespace snag::test
