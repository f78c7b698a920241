// SPDX-License-Identifier: Apache-2.0
// Go, package context; rules CX-001 to CX-027.
#include "snag/context.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <vector>

#include "runtime/src/context_core.h"
#include "tests/runtime/every_schedule.h"

namespace snag::test {
namespace {

using namespace std::chrono_literals;

bool is_done(const context& c) { return c.done().try_recv() == chan_status::closed; }

TEST(context, CX_001_background_and_todo_are_never_done_and_know_nothing) {
  on_every_schedule([] {
    for (const context& c : {context::background(), context::todo()}) {
      EXPECT_TRUE(c.done() == nullptr);
      EXPECT_FALSE(c.err());
      EXPECT_FALSE(c.cause());
      EXPECT_FALSE(c.deadline());
      EXPECT_FALSE(c.value<int>());
    }
  });
}

TEST(context, CX_002_done_is_always_the_same_channel) {
  on_every_schedule([] {
    auto [ctx, cancel] = with_cancel(context::background());
    const auto before = ctx.done();
    EXPECT_TRUE(before != nullptr);
    cancel();
    EXPECT_TRUE(ctx.done() == before);
    EXPECT_TRUE(with_value<int>(ctx, 1).done() == before);
  });
}

TEST(context, CX_003_err_is_none_until_done_and_constant_then) {
  on_every_schedule([] {
    auto [ctx, cancel] = with_timeout(context::background(), 1h);
    EXPECT_FALSE(ctx.err());
    EXPECT_FALSE(is_done(ctx));
    cancel();
    EXPECT_TRUE(is_done(ctx));
    EXPECT_TRUE(ctx.err() == context::canceled);
    cancel();
    EXPECT_TRUE(ctx.err() == context::canceled);
    EXPECT_STREQ(context::canceled.what(), "context canceled");
    EXPECT_STREQ(context::deadline_exceeded.what(), "context deadline exceeded");
  });
}

TEST(context, CX_004_deadline_exceeded_is_a_timeout) {
  on_every_schedule([] {
    auto [ctx, cancel] = with_timeout(context::background(), 1us);
    ctx.done().recv();
    EXPECT_TRUE(ctx.err().timeout());
    EXPECT_FALSE(context::canceled.timeout());
    EXPECT_FALSE(error().timeout());
    EXPECT_FALSE(error("late").timeout());
    EXPECT_TRUE(error(std::system_error(std::make_error_code(std::errc::timed_out))).timeout());
  });
}

TEST(context, CX_005_cancel_cancels_all_descendants_before_it_returns) {
  on_every_schedule([] {
    auto [root, cancel] = with_cancel(context::background());
    std::vector<cancellable> below;
    for (int i = 0; i < 10; ++i)
      below.push_back(with_cancel(i % 3 == 0 ? root : with_value<int>(below.back().ctx, i)));
    cancel();
    for (const cancellable& c : below) {
      EXPECT_TRUE(c.ctx.err() == context::canceled);
      EXPECT_TRUE(is_done(c.ctx));
    }
  });
}

TEST(context, CX_006_only_the_first_cancellation_counts) {
  on_every_schedule([] {
    auto [ctx, cancel] = with_cancel_cause(context::background());
    const error causes[] = {error("a"), error("b"), error("c")};
    wait_group wg;
    for (const error& cause : causes) wg.go([cancel = cancel, cause] { cancel(cause); });
    ctx.done().recv();
    const error first = ctx.cause();
    wg.wait();
    EXPECT_TRUE(first == causes[0] || first == causes[1] || first == causes[2]);
    EXPECT_TRUE(ctx.cause() == first);
    cancel(error("later"));
    EXPECT_TRUE(ctx.cause() == first);
  });
}

TEST(context, CX_007_cancelling_a_child_leaves_parent_and_siblings) {
  on_every_schedule([] {
    auto [parent, cancel_parent] = with_cancel(context::background());
    auto [child, cancel_child] = with_cancel(parent);
    auto [sibling, cancel_sibling] = with_cancel(parent);
    cancel_child();
    EXPECT_TRUE(child.err() == context::canceled);
    EXPECT_FALSE(parent.err());
    EXPECT_FALSE(sibling.err());
    EXPECT_FALSE(is_done(parent));
    EXPECT_FALSE(is_done(sibling));
  });
}

TEST(context, CX_008_cancelling_the_parent_cancels_the_children) {
  on_every_schedule([] {
    auto [parent, cancel_parent] = with_cancel(context::background());
    auto [child, cancel_child] = with_cancel(parent);
    auto [timed, cancel_timed] = with_timeout(parent, 1h);
    wait_group wg;
    for (const context& c : {child, timed, with_value<int>(child, 1)}) {
      wg.go([c] {
        c.done().recv();
        EXPECT_TRUE(c.err() == context::canceled);
      });
    }
    cancel_parent();
    wg.wait();
  });
}

TEST(context, CX_009_a_child_of_a_cancelled_parent_is_cancelled) {
  on_every_schedule([] {
    auto [parent, cancel_parent] = with_cancel_cause(context::background());
    const error why("why");
    cancel_parent(why);
    auto [child, cancel_child] = with_cancel(parent);
    auto [timed, cancel_timed] = with_timeout(parent, 1h);
    for (const context& c : {child, timed}) {
      EXPECT_TRUE(is_done(c));
      EXPECT_TRUE(c.err() == context::canceled);
      EXPECT_TRUE(c.cause() == why);
    }
  });
}

std::size_t children_of(const context& c) {
  return detail::context_derivation::core(c)->canceller()->children();
}

// Children that were cancelled must not be visited, nor kept, by the parent: time and memory would grow.
TEST(context, CX_010_cancel_removes_the_child_from_its_parent) {
  on_every_schedule([] {
    auto [parent, cancel_parent] = with_cancel_cause(context::background());
    std::vector<context> children;
    for (int i = 0; i < 20; ++i) {
      auto [child, cancel] = with_cancel_cause(parent);
      EXPECT_EQ(children_of(parent), 1u);
      cancel(error("own"));
      EXPECT_EQ(children_of(parent), 0u);
      children.push_back(child);
    }
    struct counted {
      using type = std::shared_ptr<int>;
    };
    const auto alive = std::make_shared<int>(0);
    {
      auto [child, cancel] = with_cancel(with_value<counted>(parent, alive));
      EXPECT_EQ(alive.use_count(), 2);
      cancel();
    }
    EXPECT_EQ(alive.use_count(), 1);  // the parent kept nothing
    {
      auto [child, cancel] = with_cancel(with_value<counted>(parent, alive));
    }
    EXPECT_EQ(alive.use_count(), 1);
    cancel_parent(error("parent's"));
    for (const context& c : children) EXPECT_STREQ(c.cause().what(), "own");
  });
}

TEST(context, CX_011_cancelling_parent_and_child_in_lock_step_does_not_deadlock) {
  on_every_schedule([] {
    auto [parent, cancel_parent] = with_cancel(context::background());
    auto [child, cancel_child] = with_cancel(parent);
    wait_group wg;
    wg.go([p = parent, c = cancel_child] {
      p.done().recv();
      c();
    });
    wg.go([c = child, p = cancel_parent] {
      c.done().recv();
      p();
    });
    wg.go([p = cancel_parent] { p(); });
    wg.go([c = cancel_child] { c(); });
    wg.wait();
    EXPECT_TRUE(parent.err() == context::canceled);
  });
}

TEST(context, CX_012_the_earlier_deadline_counts) {
  on_every_seed(50, [] {
    const auto start = clock::now();
    auto [outer, cancel_outer] = with_deadline(context::background(), start + 2s);
    auto [later, cancel_later] = with_deadline(outer, start + 5s);
    auto [sooner, cancel_sooner] = with_deadline(outer, start + 1s);
    EXPECT_EQ(outer.deadline(), start + 2s);
    EXPECT_EQ(later.deadline(), start + 2s);
    EXPECT_EQ(sooner.deadline(), start + 1s);
    EXPECT_EQ(with_value<int>(sooner, 1).deadline(), start + 1s);
    sooner.done().recv();
    EXPECT_EQ(clock::now(), start + 1s);
    EXPECT_FALSE(later.err());
    later.done().recv();
    EXPECT_EQ(clock::now(), start + 2s);
    EXPECT_TRUE(later.err() == context::deadline_exceeded);
  });
}

TEST(context, CX_013_a_deadline_in_the_past_cancels_at_once) {
  on_every_schedule([] {
    for (auto made : {with_deadline(context::background(), clock::now()),
                      with_deadline(context::background(), clock::now() - 1h),
                      with_timeout(context::background(), 0s), with_timeout(context::background(), -1s)}) {
      EXPECT_TRUE(is_done(made.ctx));
      EXPECT_TRUE(made.ctx.err() == context::deadline_exceeded);
    }
  });
}

TEST(context, CX_014_a_timeout_is_a_deadline_from_now_and_cancel_stops_its_timer) {
  on_every_seed(50, [] {
    const auto start = clock::now();
    auto [ctx, cancel] = with_timeout(context::background(), 1h);
    EXPECT_EQ(ctx.deadline(), start + 1h);
    EXPECT_EQ(runtime_stats().timers, 1U);
    cancel();
    EXPECT_EQ(runtime_stats().timers, 0U);
    auto [expires, cancel_later] = with_timeout(context::background(), 1h);
    expires.done().recv();
    EXPECT_EQ(clock::now(), start + 1h);
  });
}

TEST(context, CX_015_cancelled_before_its_deadline_it_says_canceled) {
  on_every_seed(50, [] {
    auto [ctx, cancel] = with_timeout(context::background(), 1s);
    auto [child, cancel_child] = with_timeout(ctx, 1h);
    cancel();
    sleep_for(2s);
    EXPECT_TRUE(ctx.err() == context::canceled);
    EXPECT_TRUE(child.err() == context::canceled);
  });
}

// The key is a type here: it can be neither nil nor uncomparable.
TEST(context, CX_016_the_nearest_value_counts) {
  on_every_schedule([] {
    struct other {
      using type = std::string;
    };
    const context one = with_value<int>(context::background(), 1);
    auto [between, cancel] = with_cancel(one);
    const context two = with_value<int>(between, 2);
    const context named = with_value<other>(two, "x");
    EXPECT_EQ(one.value<int>(), 1);
    EXPECT_EQ(between.value<int>(), 1);
    EXPECT_EQ(named.value<int>(), 2);
    EXPECT_EQ(named.value<other>(), "x");
    EXPECT_FALSE(two.value<other>());
    EXPECT_FALSE(named.value<long>());
    EXPECT_EQ(panic_of([] { (void)with_value<int>(nullptr, 1); }), "cannot create context from nil parent");
  });
}

TEST(context, CX_017_with_cancel_cause_tells_the_cause_and_err_stays_canceled) {
  on_every_schedule([] {
    const error why("disk full");
    auto [ctx, cancel] = with_cancel_cause(context::background());
    EXPECT_FALSE(ctx.cause());
    cancel(why);
    EXPECT_TRUE(ctx.cause() == why);
    EXPECT_TRUE(ctx.err() == context::canceled);
    auto [plain, cancel_plain] = with_cancel_cause(context::background());
    cancel_plain();
    EXPECT_TRUE(plain.cause() == context::canceled);
  });
}

TEST(context, CX_018_a_cause_is_the_first_one_here_or_above) {
  on_every_schedule([] {
    const error above("above"), here("here");
    auto [parent, cancel_parent] = with_cancel_cause(context::background());
    auto [early, cancel_early] = with_cancel_cause(parent);
    auto [late, cancel_late] = with_cancel_cause(with_value<int>(parent, 1));
    auto [plain, cancel_plain] = with_cancel(late);
    cancel_early(here);
    cancel_parent(above);
    cancel_late(here);
    EXPECT_TRUE(early.cause() == here);
    EXPECT_TRUE(late.cause() == above);
    EXPECT_TRUE(plain.cause() == above);
    EXPECT_TRUE(plain.err() == context::canceled);
    auto [none, cancel_none] = with_cancel(context::background());
    EXPECT_FALSE(none.cause());
    cancel_none();
    EXPECT_TRUE(none.cause() == none.err());
  });
}

TEST(context, CX_019_the_cause_of_a_deadline_is_that_of_expiry_only) {
  on_every_seed(50, [] {
    const error slow("slow");
    auto [expired, cancel_expired] = with_timeout(context::background(), 1s, slow);
    auto [cancelled, cancel] = with_deadline(context::background(), clock::now() + 1s, slow);
    cancel();
    EXPECT_TRUE(cancelled.cause() == context::canceled);
    expired.done().recv();
    EXPECT_TRUE(expired.err() == context::deadline_exceeded);
    EXPECT_TRUE(expired.cause() == slow);
    cancel_expired();
    EXPECT_TRUE(expired.cause() == slow);
  });
}

TEST(context, CX_020_after_func_runs_once_in_its_own_goroutine) {
  on_every_schedule([] {
    auto [ctx, cancel] = with_cancel(context::background());
    const chan<std::uint64_t> ran(10);
    context_after_func(ctx, [=] { ran << goroutine_id(); });
    let_others_block();
    EXPECT_EQ(ran.len(), 0U);
    cancel();
    cancel();
    EXPECT_NE(ran.recv(), goroutine_id());
    context_after_func(ctx, [=] { ran << goroutine_id(); });  // it is done already
    EXPECT_NE(ran.recv(), goroutine_id());
    let_others_block();
    EXPECT_EQ(ran.len(), 0U);
  });
}

TEST(context, CX_021_stop_tells_whether_it_prevented_the_function_and_does_not_wait) {
  on_every_schedule([] {
    auto [ctx, cancel] = with_cancel(context::background());
    std::atomic<bool> ran{false};
    const auto prevented = context_after_func(ctx, [&] { ran = true; });
    EXPECT_TRUE(prevented());
    EXPECT_FALSE(prevented());
    const chan<void> started, go_on;
    const auto runs = context_after_func(ctx, [=] {
      started.send();
      go_on.recv();
    });
    cancel();
    EXPECT_FALSE(runs());
    started.recv();
    EXPECT_FALSE(runs());  // under way, and waits for us
    go_on.send();
    EXPECT_FALSE(prevented());
    EXPECT_FALSE(ran);
  });
}

TEST(context, CX_022_several_after_funcs_are_independent) {
  on_every_schedule([] {
    auto [ctx, cancel] = with_cancel(context::background());
    const chan<int> ran(10);
    const auto a = context_after_func(ctx, [=] { ran << 1; });
    const auto b = context_after_func(ctx, [=] { ran << 2; });
    const auto c = context_after_func(ctx, [=] { ran << 4; });
    EXPECT_TRUE(b());
    cancel();
    EXPECT_EQ(ran.recv() + ran.recv(), 5);
    EXPECT_FALSE(a());
    EXPECT_FALSE(c());
  });
}

TEST(context, CX_023_without_cancel_keeps_the_values_alone) {
  on_every_schedule([] {
    auto [parent, cancel] = with_timeout(with_value<int>(context::background(), 7), 1h);
    const context free = without_cancel(parent);
    cancel();
    EXPECT_EQ(free.value<int>(), 7);
    EXPECT_TRUE(free.done() == nullptr);
    EXPECT_FALSE(free.err());
    EXPECT_FALSE(free.cause());
    EXPECT_FALSE(free.deadline());
    auto [child, cancel_child] = with_cancel(free);
    EXPECT_FALSE(child.err());
  });
}

TEST(context, CX_024_somebody_elses_done_channel_can_be_a_parent) {
  on_every_seed(50, [] {
    const chan<void> done;
    const error own("shut down");
    const auto before = num_goroutine();
    auto [ctx, cancel] = with_done(with_value<int>(context::background(), 3), done, [=] { return own; });
    auto [child, cancel_child] = with_cancel(ctx);
    EXPECT_EQ(num_goroutine(), before + 1);
    EXPECT_EQ(child.value<int>(), 3);
    EXPECT_FALSE(child.err());
    done.close();
    child.done().recv();
    EXPECT_TRUE(child.err() == own);
    EXPECT_TRUE(child.cause() == own);
    auto [given_up, cancel_it] = with_done(context::background(), chan<void>(), [=] { return own; });
    cancel_it();
    EXPECT_TRUE(given_up.err() == context::canceled);
    let_others_block();
    EXPECT_EQ(num_goroutine(), before);  // nobody waits for the channel any more
  });
}

TEST(context, CX_025_everything_may_be_called_at_once) {
  on_every_schedule([] {
    auto [ctx, cancel] = with_timeout(with_value<int>(context::background(), 1), 1h);
    wait_group wg;
    std::atomic<int> functions{0};
    for (int i = 0; i < 6; ++i) {
      wg.go([&, c = ctx, stop = cancel, i] {
        auto [child, cancel_child] = with_cancel_cause(c);
        const auto registered = context_after_func(child, [&] { ++functions; });
        if (i == 3) stop();
        (void)child.err();
        EXPECT_EQ(child.value<int>(), 1);
        EXPECT_TRUE(child.deadline());
        if (i % 2 == 0) cancel_child(error("own"));
        child.done().recv();
        EXPECT_TRUE(child.err() == context::canceled);
        EXPECT_TRUE(child.cause());
        EXPECT_FALSE(registered());
      });
    }
    wg.wait();
    while (functions < 6) yield();
  });
}

TEST(context, CX_026_a_nil_parent_panics) {
  on_every_schedule([] {
    const std::string words = "cannot create context from nil parent";
    const context nil = nullptr;
    EXPECT_EQ(panic_of([&] { (void)with_cancel(nil); }), words);
    EXPECT_EQ(panic_of([&] { (void)with_cancel_cause(nil); }), words);
    EXPECT_EQ(panic_of([&] { (void)with_timeout(nil, 1s); }), words);
    EXPECT_EQ(panic_of([&] { (void)with_deadline(nil, clock::now()); }), words);
    EXPECT_EQ(panic_of([&] { (void)without_cancel(nil); }), words);
    EXPECT_EQ(panic_of([&] { (void)with_value<int>(nil, 1); }), words);
  });
}

TEST(context, CX_027_notify_context_is_cancelled_with_a_cause_that_names_the_signal) {
  on_every_schedule([] {
    auto [ctx, stop] = notify_context(context::background(), SIGUSR1, SIGINT);
    EXPECT_FALSE(ctx.err());
    raise(SIGINT);
    ctx.done().recv();
    EXPECT_TRUE(ctx.err() == context::canceled);
    EXPECT_STREQ(ctx.cause().what(), "interrupt signal received");
    stop();
  });
}

}  // namespace
}  // namespace snag::test
