// SPDX-License-Identifier: Apache-2.0
// An observer that hears of waits alone: what the runtime writes down for it instead of telling it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <thread>
#include <tuple>
#include <vector>

#include "runtime/census.h"
#include "runtime/events.h"
#include "runtime/src/scheduler.h"
#include "snag/snag.h"

namespace {

using namespace snag;
using testing::ElementsAre;
using testing::IsEmpty;

// Gives holdings to everybody. Never frees: actors outlive the test.
class listener final : public events::observer {
 public:
  void on_created(events::actor& child, events::actor*, events::site) override {
    if (child.kind != events::actor_kind::timer) child.slot.state = new events::holdings;
  }
  void on_holdings_full(events::actor& self) override {
    auto& h = *static_cast<events::holdings*>(self.slot.state);
    const std::size_t held = static_cast<std::size_t>(h.next - h.first);
    auto* const larger = new events::holding[2 * held + 1];
    std::copy(h.first, h.next, larger);
    h = {larger, larger + held, larger + 2 * held + 1};
  }
  void on_blocked(events::actor&, events::wait_reason, events::wait_mode,
                  std::span<const events::wait_target>, events::site) override {
    ++blocked;
  }
  void on_lock_owned(events::actor&, events::object&, events::lock_mode, bool, events::site) override {
    ADD_FAILURE() << "told of a lock";
  }
  void on_lock_disowned(events::actor&, events::object& lock, events::lock_mode, events::site) override {
    let_go_by_others.push_back(events::address_of(lock));
  }
  void on_acquired(events::actor&, events::object&, std::size_t, events::site) override {
    ADD_FAILURE() << "told of what orders";
  }
  void on_handle_gained(events::object&, events::direction, const void*) override {
    ADD_FAILURE() << "told of a handle";
  }

  std::atomic<int> blocked{0};
  std::vector<const void*> let_go_by_others;
};

listener& observer() {
  static auto* const l = new listener;
  return *l;
}
const struct installer {
  installer() { events::install(observer(), events::interest::waits); }
} installed;

using lock = std::pair<const void*, bool>;  // where, and whether for reading
std::vector<lock> held() {
  std::vector<lock> out;
  const auto* const h = static_cast<const events::holdings*>(detail::current().slot.state);
  for (const events::holding* at = h->first; at != h->next; ++at)
    out.emplace_back(reinterpret_cast<const void*>(at->lock & ~std::uintptr_t{1}), (at->lock & 1) != 0);
  return out;
}
lock writing(const void* at) { return {at, false}; }
lock reading(const void* at) { return {at, true}; }

TEST(waits_alone, what_is_held_is_listed_the_latest_last) {
  snag::mutex a;
  snag::shared_mutex b, c;
  std::mutex d;
  std::shared_mutex e;
  a.lock();
  b.lock();
  c.lock_shared();
  d.lock();
  e.lock_shared();
  EXPECT_THAT(held(), ElementsAre(writing(&a), writing(&b), reading(&c), writing(&d), reading(&e)));
  b.unlock();
  d.unlock();
  EXPECT_THAT(held(), ElementsAre(writing(&a), reading(&c), reading(&e)));
  EXPECT_TRUE(a.try_lock() == false && d.try_lock());
  e.unlock_shared();
  a.unlock();
  c.unlock_shared();
  EXPECT_THAT(held(), ElementsAre(writing(&d)));
  d.unlock();
  EXPECT_THAT(held(), IsEmpty());
  EXPECT_THAT(observer().let_go_by_others, IsEmpty());
}

TEST(waits_alone, a_lock_that_was_waited_for_is_listed_by_whoever_got_it) {
  snag::mutex m;
  m.lock();
  const int before = observer().blocked;
  chan<bool> listed(1);
  go([&] {
    m.lock();
    listed.send(held() == std::vector<lock>{writing(&m)});
    m.unlock();
  });
  while (observer().blocked == before) snag::yield();
  m.unlock();
  EXPECT_TRUE(listed.recv());
}

TEST(waits_alone, threads_have_lists_of_their_own) {
  std::mutex m;
  std::vector<lock> of_thread;
  std::thread([&] {
    const std::lock_guard guard(m);
    of_thread = held();
  }).join();
  EXPECT_THAT(of_thread, ElementsAre(writing(&m)));
  EXPECT_THAT(held(), IsEmpty());
}

TEST(waits_alone, a_reader_that_another_unlocks_is_told_of) {
  snag::shared_mutex m;
  chan<void> locked, done;
  go([&] {
    m.lock_shared();
    locked.send();
    done.recv();
  });
  locked.recv();
  m.unlock_shared();
  EXPECT_THAT(observer().let_go_by_others, ElementsAre(&m));
  observer().let_go_by_others.clear();
  done.send();
}

TEST(waits_alone, a_running_initialiser_is_held) {
  once o;
  std::vector<lock> inside;
  o.call([&] { inside = held(); });
  EXPECT_THAT(inside, ElementsAre(writing(&o)));
  EXPECT_THAT(held(), IsEmpty());
}

using counts = std::map<std::tuple<const void*, const void*, events::direction>, int>;

// Where handles of any object lie, by place: in which direction.
std::multimap<const void*, events::direction> handles() {
  counts sums;
  EXPECT_TRUE(
      events::visit_handles([](void* sums, const void* at, const events::object& of, events::direction way,
                               int n) { (*static_cast<counts*>(sums))[{at, &of, way}] += n; },
                            &sums));
  std::multimap<const void*, events::direction> out;
  for (const auto& [key, n] : sums)
    if (n > 0) out.emplace(std::get<0>(key), std::get<2>(key));
  return out;
}
std::vector<events::direction> at(const void* place) {
  const auto all = handles();
  std::vector<events::direction> out;
  for (auto [i, end] = all.equal_range(place); i != end; ++i) out.push_back(i->second);
  return out;
}

TEST(waits_alone, handles_are_where_they_are_copied_and_moved_to) {
  using enum events::direction;
  chan<int> c(1);
  EXPECT_THAT(at(&c), ElementsAre(both));
  {
    const send_chan<int> sends = c;
    const recv_chan<int> receives = c;
    EXPECT_THAT(at(&sends), ElementsAre(send));
    EXPECT_THAT(at(&receives), ElementsAre(receive));
  }
  chan<int> moved = std::move(c);
  EXPECT_THAT(at(&c), IsEmpty());
  EXPECT_THAT(at(&moved), ElementsAre(both));
  const wait_group wg;
  EXPECT_THAT(at(&wg), ElementsAre(both));
}

TEST(waits_alone, handles_that_have_ended_are_nowhere) {
  const auto before = handles().size();
  {
    const chan<int> c;
    std::vector<chan<int>> many(5'000, c);  // more than a thread's cache keeps
    EXPECT_EQ(handles().size(), before + 5'001);
    many.erase(many.begin() + 1'000, many.end());
    EXPECT_EQ(handles().size(), before + 1'001);
  }
  EXPECT_EQ(handles().size(), before);
}

TEST(waits_alone, a_handle_may_end_on_another_thread) {
  const auto before = handles().size();
  auto c = std::make_unique<chan<int>>();
  EXPECT_THAT(at(c.get()), ElementsAre(events::direction::both));
  std::thread([&] { c.reset(); }).join();
  EXPECT_EQ(handles().size(), before);
  std::thread([&] { c = std::make_unique<chan<int>>(); }).join();
  EXPECT_THAT(at(c.get()), ElementsAre(events::direction::both));
  c.reset();
  EXPECT_EQ(handles().size(), before);
}

}  // namespace
