// SPDX-License-Identifier: Apache-2.0
// Go's rules for package context.
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <limits>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "snag/stop_token.h"
#include "tests/runtime/every_schedule.h"

namespace snag::test {
namespace {

using namespace std::chrono_literals;

bool is_done(const context& c) { return c.done().try_recv() == chan_status::closed; }

TEST(context, background_and_todo_are_never_done) {
  for (const context& c : {context::background(), context::todo()}) {
    EXPECT_TRUE(c.done() == nullptr);
    EXPECT_FALSE(c.err());
    EXPECT_FALSE(c.cause());
    EXPECT_FALSE(c.deadline());
    EXPECT_FALSE(c.value<int>());
  }
  EXPECT_TRUE(context::background() == context::background());
  EXPECT_FALSE(context::background() == context::todo());
}

TEST(context, cancelling_is_seen_everywhere_below_and_nowhere_else) {
  on_every_schedule([] {
    auto [parent, cancel_parent] = with_cancel(context::background());
    auto [child, cancel_child] = with_cancel(parent);
    auto [sibling, cancel_sibling] = with_cancel(parent);
    auto grandchild = with_value<int>(child, 5);
    auto [great, cancel_great] = with_cancel(grandchild);
    EXPECT_TRUE(grandchild.done() == child.done());
    EXPECT_TRUE(child.done() == child.done());
    EXPECT_FALSE(child.err());
    cancel_child();
    cancel_child();
    EXPECT_TRUE(child.err() == context::canceled);
    EXPECT_TRUE(grandchild.err() == context::canceled);
    EXPECT_TRUE(great.err() == context::canceled);
    EXPECT_TRUE(is_done(great));
    EXPECT_FALSE(parent.err());
    EXPECT_FALSE(sibling.err());
    cancel_parent();
    EXPECT_TRUE(is_done(sibling));
    EXPECT_STREQ(sibling.err().what(), "context canceled");
    auto [late, cancel_late] = with_cancel(parent);
    EXPECT_TRUE(late.err() == context::canceled);  // derived from what is cancelled
    EXPECT_TRUE(is_done(late));
  });
}

TEST(context, is_cancelled_when_the_last_copy_of_cancel_goes) {
  on_every_schedule([] {
    context kept;
    {
      auto [ctx, cancel] = with_cancel(context::background());
      kept = ctx;
      wait_group wg;
      wg.go([c = cancel, &kept] { EXPECT_FALSE(kept.err()); });
      wg.wait();
      EXPECT_FALSE(kept.err());
    }
    EXPECT_TRUE(kept.err() == context::canceled);
  });
}

TEST(context, wakes_whoever_waits_for_it) {
  on_every_schedule([] {
    auto [ctx, cancel] = with_cancel(context::background());
    wait_group wg;
    std::atomic<int> woken{0};
    for (int i = 0; i < 5; ++i) {
      wg.go([&, ctx = ctx, i] {
        auto [own, cancel_own] = with_cancel(ctx);
        chan<int> never;
        select(on_recv(i % 2 ? own.done() : ctx.done(), [&] { ++woken; }), on_recv(never));
        EXPECT_TRUE(own.err() == context::canceled);
      });
    }
    let_others_block();
    cancel();
    wg.wait();
    EXPECT_EQ(woken, 5);
  });
}

TEST(context, deadlines_expire_the_earlier_first) {
  on_every_seed(20, [] {
    const auto start = clock::now();
    auto [outer, cancel_outer] = with_timeout(context::background(), 2s);
    auto [inner, cancel_inner] = with_deadline(outer, start + 1s);
    auto [longer, cancel_longer] = with_timeout(outer, 1h);
    EXPECT_EQ(outer.deadline(), start + 2s);
    EXPECT_EQ(inner.deadline(), start + 1s);
    EXPECT_EQ(longer.deadline(), start + 2s);
    inner.done().recv();
    EXPECT_EQ(clock::now(), start + 1s);
    EXPECT_TRUE(inner.err() == context::deadline_exceeded);
    EXPECT_STREQ(inner.err().what(), "context deadline exceeded");
    EXPECT_FALSE(outer.err());
    longer.done().recv();
    EXPECT_EQ(clock::now(), start + 2s);
    EXPECT_TRUE(longer.err() == context::deadline_exceeded);
    auto [past, cancel_past] = with_deadline(context::background(), start);
    EXPECT_TRUE(past.err() == context::deadline_exceeded);
  });
}

TEST(context, cancelled_before_its_deadline_says_canceled_and_stops_the_timer) {
  on_every_seed(20, [] {
    auto [ctx, cancel] = with_timeout(context::background(), 1h);
    cancel();
    EXPECT_TRUE(ctx.err() == context::canceled);
    sleep_for(2h);
    EXPECT_TRUE(ctx.err() == context::canceled);
    EXPECT_EQ(num_goroutine(), 1);
  });
}

TEST(context, causes_are_those_of_the_first_cancellation) {
  on_every_schedule(
      [] {
        const error boom("boom"), other("other"), late("late");
        auto [ctx, cancel] = with_cancel_cause(context::background());
        auto [child, cancel_child] = with_cancel(ctx);
        EXPECT_FALSE(ctx.cause());
        cancel(boom);
        cancel(other);
        EXPECT_TRUE(ctx.err() == context::canceled);
        EXPECT_TRUE(ctx.cause() == boom);
        EXPECT_TRUE(child.cause() == boom);
        auto [plain, cancel_plain] = with_cancel_cause(context::background());
        cancel_plain();
        EXPECT_TRUE(plain.cause() == context::canceled);
        auto [thrown, cancel_thrown] = with_cancel_cause(context::background());
        cancel_thrown(std::out_of_range("index"));
        EXPECT_STREQ(thrown.cause().what(), "index");
        EXPECT_THROW(thrown.cause().raise(), std::out_of_range);
        auto [expired, cancel_expired] = with_timeout(context::background(), 0s, late);
        EXPECT_TRUE(expired.err() == context::deadline_exceeded);
        EXPECT_TRUE(expired.cause() == late);
        auto [stopped, cancel_stopped] = with_timeout(context::background(), 1h, late);
        cancel_stopped();
        EXPECT_TRUE(stopped.cause() == context::canceled);
      },
      10, 3);
}

struct user {
  std::string name;
};
struct depth {
  using type = int;  // the key names the type of its value
};

TEST(context, finds_the_nearest_value) {
  auto a = with_value<user>(context::background(), user{"ann"});
  auto b = with_value<depth>(a, 1);
  auto c = with_value<depth>(b, 2);
  EXPECT_EQ(c.value<user>()->name, "ann");
  EXPECT_EQ(*c.value<depth>(), 2);
  EXPECT_EQ(*b.value<depth>(), 1);
  EXPECT_FALSE(a.value<depth>());
}

TEST(context, without_cancel_keeps_the_values_only) {
  on_every_seed(5, [] {
    auto [parent, cancel] = with_timeout(context::background(), 1h);
    auto free = without_cancel(with_value<depth>(parent, 3));
    cancel();
    EXPECT_EQ(*free.value<depth>(), 3);
    EXPECT_TRUE(free.done() == nullptr);
    EXPECT_FALSE(free.err());
    EXPECT_FALSE(free.cause());
    EXPECT_FALSE(free.deadline());
    auto [child, cancel_child] = with_cancel(free);
    EXPECT_FALSE(child.err());
  });
}

TEST(context, after_func_runs_once_it_is_done) {
  on_every_schedule([] {
    auto [ctx, cancel] = with_cancel(context::background());
    chan<int> ran(4);
    auto stop_first = context_after_func(ctx, [=] { ran << 1; });
    auto stop_second = context_after_func(ctx, [=] { ran << 2; });
    EXPECT_TRUE(stop_second());
    EXPECT_FALSE(stop_second());
    context_after_func(ctx, [=] { ran << 3; });
    cancel();
    const int sum = ran.recv() + ran.recv();
    EXPECT_EQ(sum, 4);
    EXPECT_FALSE(stop_first());
    context_after_func(ctx, [=] { ran << 5; });  // at once
    EXPECT_EQ(ran.recv(), 5);
    auto never = context_after_func(context::background(), [] { ADD_FAILURE(); });
    EXPECT_TRUE(never());
    EXPECT_FALSE(never());
  });
}

TEST(context, nil_parents_panic_in_the_words_of_go) {
  const context nil = nullptr;
  EXPECT_EQ(panic_of([&] { (void)with_cancel(nil); }), "cannot create context from nil parent");
  EXPECT_EQ(panic_of([&] { (void)with_timeout(nil, 1s); }), "cannot create context from nil parent");
  EXPECT_EQ(panic_of([&] { (void)with_value<int>(nil, 1); }), "cannot create context from nil parent");
  EXPECT_EQ(panic_of([&] { (void)without_cancel(nil); }), "cannot create context from nil parent");
}

TEST(context, after_func_of_nil_panics_and_gives_back_what_it_captured) {
  const auto held = std::make_shared<int>(1);
  EXPECT_EQ(panic_of([&] { context_after_func(context(), [held] {}); }),
            "runtime error: invalid memory address or nil pointer dereference");
  EXPECT_EQ(held.use_count(), 1);
}

TEST(context, after_func_may_be_taken_back_by_the_handle_it_was_moved_to) {
  auto [ctx, cancel] = with_cancel(context::background());
  auto stop = context_after_func(ctx, [] { ADD_FAILURE(); });
  const auto moved = std::move(stop);
  EXPECT_FALSE(stop());  // NOLINT(bugprone-use-after-move)
  EXPECT_TRUE(moved());
}

TEST(context, deadlines_of_any_size) {
  auto [past, cancel_past] = with_deadline(context::background(), time_point::min());
  EXPECT_EQ(past.err(), context::deadline_exceeded);
  auto [future, cancel_future] = with_deadline(context::background(), time_point::max());
  EXPECT_FALSE(future.err());
  const double nothing = std::numeric_limits<double>::quiet_NaN();
  auto [now, cancel_now] = with_timeout(context::background(), std::chrono::duration<double>(nothing));
  EXPECT_EQ(now.err(), context::deadline_exceeded);
}

TEST(context_death_test, after_func_refuses_a_function_that_is_none) {
  EXPECT_EXIT(context_after_func(context::background(), static_cast<void (*)()>(nullptr)),
              testing::ExitedWithCode(2), "fatal error: go of nil func value");
}

TEST(context, cancelled_from_all_sides_at_once) {
  on_every_schedule(
      [] {
        auto [root, cancel_root] = with_cancel(context::background());
        wait_group wg;
        std::vector<cancellable> all;
        for (int i = 0; i < 10; ++i) all.push_back(with_cancel(i == 0 ? root : all[i / 2].ctx));
        for (auto& one : all) {
          wg.go([cancel = one.cancel, ctx = one.ctx] {
            cancel();
            EXPECT_TRUE(ctx.err() == context::canceled);
          });
        }
        wg.go([cancel = cancel_root, &all] {
          cancel();
          for (auto& one : all) EXPECT_TRUE(one.ctx.err() == context::canceled);
        });
        wg.go([ctx = root] {
          for (int i = 0; i < 10; ++i) {
            auto [own, cancel] = with_timeout(ctx, std::chrono::microseconds(i));
            own.done().recv();
          }
        });
        wg.wait();
      },
      50, 50);
}

TEST(context, a_deep_chain_is_cancelled_and_destroyed_without_recursion) {
  on_real_threads(1, [] {
    auto [root, cancel] = with_cancel(context::background());
    std::vector<cancel_func> cancels;
    context at = root;
    for (int i = 0; i < 100'000; ++i) {
      auto [next, c] = with_cancel(at);
      at = next;
      cancels.push_back(c);
    }
    cancel();
    EXPECT_TRUE(at.err() == context::canceled);
    cancels.clear();
  });
}

TEST(stop_token, follows_a_context_and_is_followed_by_one) {
  on_every_schedule([] {
    auto [ctx, cancel] = with_cancel(context::background());
    const std::stop_token token = stop_token_of(ctx);
    chan<void> stopped;
    const std::stop_callback on_stop(token, [=] { stopped.close(); });
    EXPECT_FALSE(token.stop_requested());
    cancel();
    stopped.recv();
    EXPECT_TRUE(token.stop_requested());

    std::stop_source source;
    auto [followed, cancel_followed] = with_stop_token(context::background(), source.get_token());
    auto [other, cancel_other] = with_stop_token(context::background(), source.get_token());
    cancel_other();
    EXPECT_FALSE(followed.err());
    source.request_stop();
    EXPECT_TRUE(followed.err() == context::canceled);
    EXPECT_TRUE(with_stop_token(context::background(), source.get_token()).ctx.err() == context::canceled);
  });
}

TEST(stop_token, a_context_that_nobody_can_cancel_any_more_is_cancelled) {
  std::stop_source source;
  context kept;
  {
    kept = with_stop_token(context::background(), source.get_token()).ctx;
  }
  EXPECT_TRUE(kept.err() == context::canceled);
}

TEST(error, is_a_value) {
  const error none, a("same"), b("same");
  EXPECT_FALSE(none);
  EXPECT_TRUE(none == nullptr);
  EXPECT_TRUE(a == error(a));
  EXPECT_FALSE(a == b);
  EXPECT_EQ(fmt::format("{} {}", a, none), "same <nil>");
  EXPECT_THROW(a.raise(), std::runtime_error);
}

}  // namespace
}  // namespace snag::test
