// SPDX-License-Identifier: Apache-2.0
// What observers are told: the exact events of each rule of the Go memory model, in order.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <vector>

#include "tests/runtime/every_schedule.h"
#include "tests/runtime/recorder.h"

namespace snag::test {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

const std::vector<std::string> order_events = {"acquired",   "released", "merged",          "buffered",
                                               "rendezvous", "closed",   "received_closed", "armed",
                                               "owned",      "disowned"};

// Runs body on one seed and answers the events of these kinds.
template <class Body>
std::vector<std::string> seen(const std::vector<std::string>& kinds, Body&& body, std::uint64_t seed = 1) {
  std::vector<std::string> lines;
  simulate(schedule::random(seed), [&] {
    events_seen.start(kinds);
    body();
    lines = events_seen.stop();
  });
  return lines;
}
template <class Body>
std::vector<std::string> ordered(Body&& body, std::uint64_t seed = 1) {
  return seen(order_events, body, seed);
}

template <class T>
class events_of_elements : public testing::Test {
 public:
  static T element() {
    if constexpr (std::is_same_v<T, std::string>)
      return "x";
    else
      return T{};
  }
};
struct empty {};
using element_types = testing::Types<int, std::string, empty>;
TYPED_TEST_SUITE(events_of_elements, element_types);

TYPED_TEST(events_of_elements, a_rendezvous_with_a_waiting_receiver) {
  EXPECT_THAT(ordered([] {
                chan<TypeParam> c;
                go([=] { (void)c.next(); });
                let_others_block();
                c << TestFixture::element();
              }),
              ElementsAre("rendezvous g1 g2 chan1 send"));
}

TYPED_TEST(events_of_elements, a_rendezvous_with_a_waiting_sender) {
  EXPECT_THAT(ordered([] {
                chan<TypeParam> c;
                go([=] { c << TestFixture::element(); });
                let_others_block();
                (void)c.next();
              }),
              ElementsAre("rendezvous g1 g2 chan1 receive"));
}

TYPED_TEST(events_of_elements, each_transfer_through_a_buffer_uses_the_next_slot) {
  EXPECT_THAT(
      ordered([] {
        chan<TypeParam> c(2);
        for (int i = 0; i < 3; ++i) {
          c << TestFixture::element();
          (void)c.next();
        }
        c << TestFixture::element();
        (void)c.try_send(TestFixture::element());
        EXPECT_FALSE(c.try_send(TestFixture::element()));  // what fails synchronises nothing
      }),
      ElementsAre("buffered g1 chan1 0 send", "buffered g1 chan1 0 receive", "buffered g1 chan1 1 send",
                  "buffered g1 chan1 1 receive", "buffered g1 chan1 0 send", "buffered g1 chan1 0 receive",
                  "buffered g1 chan1 1 send", "buffered g1 chan1 0 send"));
}

TYPED_TEST(events_of_elements, a_receiver_waiting_at_an_empty_buffer_is_served_through_its_slot) {
  EXPECT_THAT(
      ordered([] {
        chan<TypeParam> c(2);
        c << TestFixture::element();
        (void)c.next();
        go([=] { (void)c.next(); });
        let_others_block();
        c << TestFixture::element();
        c << TestFixture::element();
      }),
      ElementsAre("buffered g1 chan1 0 send", "buffered g1 chan1 0 receive", "buffered g1 chan1 1 send",
                  "buffered g2 chan1 1 receive", "buffered g1 chan1 0 send"));
}

TYPED_TEST(events_of_elements, a_sender_waiting_at_a_full_buffer_gets_the_slot_that_was_freed) {
  EXPECT_THAT(ordered([] {
                chan<TypeParam> c(2);
                c << TestFixture::element();
                c << TestFixture::element();
                go([=] { c << TestFixture::element(); });
                let_others_block();
                (void)c.next();
              }),
              ElementsAre("buffered g1 chan1 0 send", "buffered g1 chan1 1 send",
                          "buffered g1 chan1 0 receive", "buffered g2 chan1 0 send"));
}

// A select tells the same as the plain operations; one that moves its element in tells it once that is done.
TYPED_TEST(events_of_elements, a_select_tells_what_it_did) {
  EXPECT_THAT(ordered([] {
                chan<TypeParam> c, never;
                go([=] { select(on_recv(never), on_recv(c)); });
                let_others_block();
                select(on_send(never, TestFixture::element()), on_send(c, TestFixture::element()));
              }),
              ElementsAre("rendezvous g1 g2 chan1 send"));
  EXPECT_THAT(ordered([] {
                chan<TypeParam> c(1), never;
                select(on_send(c, TestFixture::element()), on_recv(never));
                select(on_recv(c), on_recv(never));
                select(on_recv(c), on_default());
              }),
              ElementsAre("buffered g1 chan1 0 send", "buffered g1 chan1 0 receive"));
}

TEST(channel_events, an_element_that_is_moved_in_later_is_told_by_its_sender) {
  EXPECT_THAT(ordered([] {
                chan<std::string> c, never;
                go([=] { select(on_send(c, std::string("x")), on_recv(never)); });
                let_others_block();
                c.recv();
              }),
              ElementsAre("rendezvous g2 g1 chan1 send"));
}

TEST(channel_events, close_is_acquired_by_whoever_sees_it) {
  EXPECT_THAT(ordered([] {
                chan<int> c;
                go([=] { (void)c.next(); });
                let_others_block();
                c.close();
                c.recv();
                int v;
                EXPECT_EQ(c.try_recv(v), chan_status::closed);
              }),
              ElementsAre("closed g1 chan1", "received_closed g2 chan1", "received_closed g1 chan1",
                          "received_closed g1 chan1"));
}

TEST(channel_events, a_try_that_fails_tells_nothing) {
  EXPECT_THAT(ordered([] {
                chan<int> c, full(1);
                full << 1;
                events_seen.start(order_events);
                int v;
                (void)c.try_send(1);
                (void)c.try_recv(v);
                (void)full.try_send(1);
                select(on_recv(c), on_send(full, 1), on_default());
                mutex m;
                m.lock();
                events_seen.start(order_events);
                EXPECT_FALSE(m.try_lock());
              }),
              IsEmpty());
}

TEST(channel_events, handles_and_objects_come_and_go) {
  EXPECT_THAT(
      seen({"object", "destroyed", "gained", "lost"},
           [] {
             chan<int> c(3);
             {
               recv_chan<int> r = c;
               chan<int> moved = std::move(c);
             }
           }),
      ElementsAre("object chan1 g1 3", "gained chan1 both", "gained chan1 receive", "gained chan1 both",
                  "lost chan1 both", "lost chan1 both", "lost chan1 receive", "destroyed chan1"));
}

TEST(channel_events, waiting_names_what_is_waited_for) {
  constexpr int send = 1, receive = 2, receive_nil = 4, select_reason = 5;
  EXPECT_EQ(static_cast<int>(events::wait_reason::chan_send), send);
  EXPECT_THAT(
      seen({"blocked", "unblocked"},
           [] {
             chan<int> c, d;
             go([=] { c << 1; });
             let_others_block();
             c.recv();
             go([=] { d << select(on_recv(c), on_send(c, 1), on_recv(chan<int>(nullptr))); });
             let_others_block();
             c << 1;
             d.recv();
           }),
      ElementsAre("blocked g1 7 any -:sleep", "blocked g2 1 any chan1:send", "unblocked g1 -",
                  "unblocked g2 g1", "blocked g1 7 any -:sleep",
                  testing::AnyOf("blocked g3 5 any chan1:receive chan1:send",
                                 "blocked g3 5 any chan1:send chan1:receive"),  // of one channel: by chance
                  "unblocked g1 -", "unblocked g3 g1", testing::_, testing::_))
      << receive << receive_nil << select_reason;
}

TEST(lock_events, a_mutex_orders_its_holders) {
  EXPECT_THAT(ordered([] {
                mutex m;
                m.lock();
                m.unlock();
                EXPECT_TRUE(m.try_lock());
                m.unlock();
              }),
              ElementsAre("acquired g1 mutex1 0", "owned g1 mutex1 exclusive", "disowned g1 mutex1 exclusive",
                          "released g1 mutex1 0", "acquired g1 mutex1 0", "owned g1 mutex1 exclusive tried",
                          "disowned g1 mutex1 exclusive", "released g1 mutex1 0"));
}

TEST(lock_events, a_contended_mutex_tells_who_waits) {
  EXPECT_THAT(seen({"blocked", "unblocked", "owned", "disowned"},
                   [] {
                     mutex m;
                     wait_group wg;
                     m.lock();
                     wg.go([&] { const std::lock_guard g(m); });
                     sleep_for(5ms);
                     m.unlock();
                     wg.wait();
                   }),
              ElementsAre("owned g1 mutex1 exclusive", "blocked g1 7 any -:sleep",
                          "blocked g2 8 all mutex1:lock", "unblocked g1 -", "disowned g1 mutex1 exclusive",
                          "unblocked g2 g1", "owned g2 mutex1 exclusive", "disowned g2 mutex1 exclusive",
                          "blocked g1 11 all wg1:wait", "unblocked g1 g2"));
}

TEST(lock_events, readers_do_not_order_each_other) {
  EXPECT_THAT(
      ordered([] {
        shared_mutex m;
        m.lock_shared();
        m.unlock_shared();
        m.lock();
        m.unlock();
        EXPECT_TRUE(m.try_lock_shared());
        m.unlock_shared();
      }),
      ElementsAre("acquired g1 rw1 0", "owned g1 rw1 shared", "disowned g1 rw1 shared", "merged g1 rw1 1",
                  "acquired g1 rw1 0", "acquired g1 rw1 1", "owned g1 rw1 exclusive",
                  "disowned g1 rw1 exclusive", "released g1 rw1 0", "acquired g1 rw1 0",
                  "owned g1 rw1 shared tried", "disowned g1 rw1 shared", "merged g1 rw1 1"));
}

TEST(lock_events, once_is_released_by_its_run_and_acquired_by_every_other_call) {
  EXPECT_THAT(ordered([] {
                once o;
                o.call([] {});
                o.call([] {});
              }),
              ElementsAre("owned g1 once1 exclusive", "disowned g1 once1 exclusive", "released g1 once1 0",
                          "acquired g1 once1 0"));
}

TEST(lock_events, a_notification_orders_before_the_wait_it_ends_and_no_other) {
  std::vector<std::string> notified;
  EXPECT_THAT(seen({"released", "acquired", "merged"},
                   [&] {
                     condition_variable c;
                     mutex m;
                     wait_group wg;
                     for (int i = 0; i < 2; ++i) {
                       wg.go([&] {
                         std::unique_lock lock(m);
                         c.wait(lock);
                       });
                       let_others_block();
                     }
                     events_seen.start({"released", "acquired", "merged"});
                     c.notify_one();
                     c.notify_one();
                     c.notify_one();  // to nobody
                     notified = events_seen.stop();
                     wg.wait();
                   }),
              IsEmpty());
  EXPECT_THAT(notified, ElementsAre("released g1 cond1 0", "acquired g2 cond1 0", "released g1 cond1 0",
                                    "acquired g3 cond1 0"));
}

TEST(wait_group_events, done_merges_and_wait_acquires) {
  EXPECT_THAT(ordered([] {
                wait_group wg;
                wg.add(2);
                wg.done();
                wg.done();
                wg.wait();
              }),
              ElementsAre("merged g1 wg1 0", "merged g1 wg1 0", "acquired g1 wg1 0"));
  EXPECT_THAT(seen({"merged", "acquired", "blocked", "created"},
                   [] {
                     wait_group wg;
                     wg.go([] { let_others_block(); });
                     wg.wait();
                   }),
              testing::IsSupersetOf(
                  {"created g2 g1", "blocked g1 11 all wg1:wait", "merged g2 wg1 0", "acquired g1 wg1 0"}));
}

TEST(timer_events, a_tick_is_sent_by_the_timer_in_the_name_of_whoever_armed_it) {
  EXPECT_THAT(ordered([] {
                auto c = after(1s);
                c.recv();
              }),
              ElementsAre("armed t1 g1", "buffered t1 timer1 0 send", "buffered g1 timer1 0 receive"));
  EXPECT_THAT(ordered([] {
                timer t(1s);
                sleep_for(2s);
                go([=] { t.reset(1s); });
                sleep_for(3s);
                t.c().recv();
              }),
              ElementsAre("armed t1 g1", "buffered t1 timer1 0 send", "armed t1 g2",
                          "buffered t1 timer1 0 send", "buffered g1 timer1 0 receive"));
}

TEST(timer_events, a_function_is_started_by_the_timer) {
  EXPECT_THAT(seen({"armed", "created"},
                   [] {
                     chan<void> ran;
                     after_func(1s, [=] { ran.close(); });
                     ran.recv();
                   }),
              ElementsAre("armed t1 g1", "created g2 t1"));
}

TEST(context_events, a_cancellation_orders_before_whoever_learns_of_it) {
  EXPECT_THAT(ordered([] {
                auto [ctx, cancel] = with_cancel(context::background());
                auto [child, cancel_child] = with_cancel(ctx);
                const recv_chan<void> done = ctx.done();
                EXPECT_FALSE(ctx.err());
                cancel();
                EXPECT_TRUE(child.err());
                child.done().recv();  // made only now, and closed by whoever asks for it
              }),
              ElementsAre("released g1 context2 0", "closed g1 chan1", "released g1 context3 0",
                          "acquired g1 context3 0", "acquired g1 context3 0", "closed g1 chan2",
                          "received_closed g1 chan2"))
      << "context1 is the background";
}

TEST(events, carry_the_place_of_the_operation) {
  simulate(schedule::random(1), [] {
    events_seen.start({"buffered", "owned", "merged"});
    chan<int> c(1);
    c << 1;
    c.recv();
    mutex m;
    m.lock();
    m.unlock();
    wait_group wg;
    wg.add();
    wg.done();
    events_seen.stop();
  });
  const auto sites = events_seen.sites();
  EXPECT_EQ(sites.size(), 4u);
  for (std::size_t i = 1; i < sites.size(); ++i) EXPECT_NE(sites[i], sites[i - 1]);
}

}  // namespace
}  // namespace snag::test
