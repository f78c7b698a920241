// SPDX-License-Identifier: Apache-2.0
#include "runtime/src/thread_proxy.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

#include "snag/go.h"
#include "snag/runtime.h"
#include "tests/runtime/gate.h"

namespace snag {
namespace {

using test::gate;

TEST(thread_proxy, is_an_actor_with_an_id_of_its_own) {
  std::uint64_t id = 0;
  events::actor_kind kind{};
  std::thread([&] {
    id = goroutine_id();
    kind = detail::current().kind;
    EXPECT_EQ(&detail::current(), &detail::current());
  }).join();
  EXPECT_GT(id, 1u);
  EXPECT_EQ(kind, events::actor_kind::thread);
  EXPECT_EQ(detail::current().kind, events::actor_kind::goroutine);
}

TEST(thread_proxy, does_not_count_as_a_goroutine) {
  const auto before = num_goroutine();
  std::thread([&] { EXPECT_EQ(num_goroutine(), before); }).join();
}

TEST(thread_proxy, parks_and_is_readied_by_goroutines_and_threads) {
  gate to_thread, to_goroutine;
  std::thread thread([&] {
    for (int i = 0; i < 2000; ++i) to_thread.take(), to_goroutine.add();
  });
  for (int i = 0; i < 2000; ++i) to_thread.add(), to_goroutine.take();
  thread.join();
  gate a, b;
  std::thread one([&] {
    for (int i = 0; i < 500; ++i) a.take(), b.add();
  });
  std::thread two([&] {
    for (int i = 0; i < 500; ++i) a.add(), b.take();
  });
  one.join();
  two.join();
}

TEST(thread_proxy, may_spawn_goroutines) {
  gate done;
  std::thread([&] {
    for (int i = 0; i < 100; ++i) go([&] { done.add(); });
    done.take(50);
  }).join();
  done.take(50);
}

TEST(thread_proxy, announced_before_the_thread_exists_it_is_adopted_by_it) {
  detail::goroutine* proxy = detail::new_proxy(&detail::current(), nullptr);
  EXPECT_EQ(proxy->parent, events::goroutine_id::main);
  detail::goroutine* seen = nullptr;
  std::thread([&] {
    detail::adopt_proxy(*proxy);
    seen = &detail::current();
  }).join();
  EXPECT_EQ(seen, proxy);
  detail::release_proxy(*proxy);
  detail::discard_proxy(*detail::new_proxy(&detail::current(), nullptr));
}

TEST(thread_proxy, primitives_work_in_destructors_of_thread_locals) {
  static gate g;
  struct late {
    int value = 0;
    ~late() { g.add(); }
  };
  std::thread([] {
    thread_local late l;
    l.value = 1;
    detail::current();  // the proxy ends before `late` does
  }).join();
  g.take();
}

}  // namespace
}  // namespace snag
