// SPDX-License-Identifier: Apache-2.0
// What else can be waited for, each with the one way to end the wait in the holder's hands.
#include "home.h"

#include <condition_variable>
#include <memory>
#include <mutex>
#include <semaphore>

using namespace handles;

namespace {

// wait(): the receiver's; the holder has `end`.
template <class Life, class Wait, class End>
void with(Wait wait, End end) {
  snag::go({.name = "receiver"}, std::move(wait));
  snag::go({.name = "holder"}, [end = std::move(end)]() mutable {
    use(end);
    Life::stay();
    use(end);
  });
  settle(2);
}

}  // namespace

TWINS(receiver_of_a_channel) {
  auto [s, r] = make_ends();
  with<Life>([s = std::move(s)] { s.send(1); }, std::move(r));
}

TWINS(channel_that_both_can_use) {
  const snag::chan<int> c;
  with<Life>([c] { c.recv(); }, c);
}

TWINS(full_buffer) {
  const snag::chan<int> c(1);
  c.send(1);
  with<Life>([c] { c.send(2); }, c);
}

TWINS(cases_of_a_select) {
  const snag::chan<int> a, b;
  with<Life>(
      [a = receiver(a), b = sender(b)] { snag::select(snag::on_recv(a, [](int) {}), snag::on_send(b, 1)); },
      receiver(b));
}

TWINS(range_over_a_channel) {
  auto [s, r] = make_ends();
  with<Life>(
      [r = std::move(r)] {
        for (int i : r) use(i);
      },
      std::move(s));
}

TWINS(wait_group) {
  snag::wait_group group;
  group.add(1);
  with<Life>([group] { group.wait(); }, group);
}

TWINS(context) {
  auto [ctx, cancel] = snag::with_cancel(snag::context::background());
  with<Life>([ctx] { ctx.done().recv(); }, std::move(cancel));
}

TWINS(context_of_a_parent) {
  auto [parent, cancel] = snag::with_cancel(snag::context::background());
  auto child = snag::with_cancel(parent);
  with<Life>([child = std::move(child)] { child.ctx.done().recv(); }, std::move(cancel));
}

TWINS(semaphore) {
  auto units = std::make_shared<snag::semaphore>(1);
  units->acquire();
  with<Life>([units] { units->acquire(); }, units);
}

TWINS(semaphore_behind_a_context) {
  auto units = std::make_shared<snag::semaphore>(1);
  units->acquire();
  auto [ctx, cancel] = snag::with_cancel(snag::context::background());
  with<Life>([units, ctx] { std::ignore = units->acquire(ctx); }, std::move(cancel));
}

namespace {
struct meeting {
  snag::mutex mutex;
  snag::condition_variable changed;
};
struct posix_meeting {
  std::mutex mutex;
  std::condition_variable changed;
};
template <class Life, class Meeting>
void meet() {
  auto both = std::make_shared<Meeting>();
  with<Life>(
      [both] {
        std::unique_lock lock(both->mutex);
        both->changed.wait(lock);
      },
      both);
}
}  // namespace

TWINS(condition_variable) { meet<Life, meeting>(); }
TWINS(condition_variable_of_the_library) { meet<Life, posix_meeting>(); }
