// SPDX-License-Identifier: Apache-2.0
#include <atomic>
#include <memory>
#include <vector>

#include "snag/snag.h"
#include "tests/stress/scenarios.h"

namespace snag::test {

using namespace std::chrono_literals;

void race_with_time(std::uint64_t seed) {
  random_source random(seed);
  wait_group all;
  // A timer that is stopped fires or does not: never both, never neither.
  for (int i = 1 + below(random, 6); i > 0; --i)
    all.go([mine = random_source(random())]() mutable {
      const auto fired = std::make_shared<std::atomic<int>>(0);
      const chan<void> done(1);
      const timer t = after_func(std::chrono::microseconds(below(mine, 60)), [fired, done] {
        fired->fetch_add(1);
        done.send();
      });
      sleep_for(std::chrono::microseconds(below(mine, 60)));
      if (t.stop())
        must(fired->load() == 0, "a stopped timer fired");
      else
        done.recv();
      must(fired->load() <= 1, "a timer fired twice");
    });
  // A value and a deadline that come at the same moment: the value is there or still with its sender.
  for (int i = 1 + below(random, 4); i > 0; --i) {
    const chan<int> c(0);
    const auto got = std::make_shared<std::atomic<int>>(0);
    all.go([c, got, wait = below(random, 80)] {
      select(on_recv(c, [&](int) { got->fetch_add(1); }), on_timeout(std::chrono::microseconds(wait)));
      c.close();
    });
    all.go([c, got, wait = below(random, 80)] {
      sleep_for(std::chrono::microseconds(wait));
      try {
        c << 1;
        must(got->load() <= 1, "one value was received twice");
      } catch (const panic_error&) {
        must(got->load() == 0, "a send failed that was received");
      }
    });
  }
  // A ticker that is stopped and taken up again.
  all.go([mine = random_source(random())]() mutable {
    const ticker t(30us);
    for (int i = below(mine, 5); i > 0; --i) {
      t.c().recv();
      t.stop();
      t.reset(std::chrono::microseconds(10 + below(mine, 40)));
    }
    t.stop();
  });
  all.wait();
}

void cancel_trees(std::uint64_t seed) {
  random_source random(seed);
  wait_group all;
  std::vector<cancellable> made;
  made.push_back(with_cancel(context::background()));
  for (int i = 2 + below(random, 10); i > 0; --i) {
    const context& parent = made[static_cast<std::size_t>(below(random, static_cast<int>(made.size())))].ctx;
    made.push_back(below(random, 3) == 0 ? with_timeout(parent, std::chrono::microseconds(below(random, 200)))
                                         : with_cancel(parent));
  }
  for (const cancellable& c : made)
    all.go([ctx = c.ctx] {
      select(on_next(ctx.done(), [](bool) {}));
      must(static_cast<bool>(ctx.err()), "a context is done without a reason");
    });
  for (int i = below(random, 4); i > 0; --i)
    all.go([cancel = made[static_cast<std::size_t>(below(random, static_cast<int>(made.size())))].cancel,
            wait = below(random, 100)] {
      sleep_for(std::chrono::microseconds(wait));
      cancel();
    });
  sleep_for(std::chrono::microseconds(below(random, 100)));
  made[0].cancel();
  for (const cancellable& c : made) must(static_cast<bool>(c.ctx.err()), "a child outlived its parent");
  all.wait();
}

}  // namespace snag::test
