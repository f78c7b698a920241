// SPDX-License-Identifier: Apache-2.0
#include "snag/go.h"

#include <gtest/gtest.h>

#include <array>
#include <functional>
#include <memory>
#include <string>

#include "snag/runtime.h"
#include "tests/runtime/gate.h"

namespace snag {
namespace {

using test::gate;

void add_to(int* sum, int n, gate* done) {
  *sum += n;
  done->add();
}

TEST(go, calls_a_function_with_copies_of_its_arguments) {
  gate done;
  int sum = 1, n = 41;
  go(add_to, &sum, n, &done);
  n = 0;
  done.take();
  EXPECT_EQ(sum, 42);
}

TEST(go, calls_methods_on_pointers_and_copies) {
  struct counter {
    int value = 0;
    gate* done;
    void bump(int by) {
      value += by;
      done->add();
    }
  };
  gate done;
  counter c{0, &done};
  go(&counter::bump, &c, 2);
  done.take();
  go(&counter::bump, c, 5);  // a copy is bumped
  done.take();
  go(&counter::bump, std::ref(c), 4);
  done.take();
  go(&counter::bump, std::make_unique<counter>(c), 4);
  done.take();
  EXPECT_EQ(c.value, 6);
}

TEST(go, takes_move_only_callables_and_arguments) {
  gate done;
  auto value = std::make_unique<int>(7);
  int seen = 0;
  go(
      [&seen, &done, owned = std::make_unique<int>(3)](std::unique_ptr<int> p) {
        seen = *p + *owned;
        done.add();
      },
      std::move(value));
  done.take();
  EXPECT_EQ(seen, 10);
  EXPECT_EQ(value, nullptr);
}

TEST(go, passes_references_only_when_asked) {
  gate done;
  int x = 1;
  go([&done](int& r) { r = 2, done.add(); }, std::ref(x));
  done.take();
  EXPECT_EQ(x, 2);
}

TEST(go, holds_closures_larger_than_the_control_block_and_overaligned_ones) {
  struct alignas(128) wide {
    std::array<char, 1000> bytes{};
  };
  gate done;
  wide w;
  w.bytes[999] = 'x';
  char seen = 0;
  bool aligned = false;
  go([w, &seen, &aligned, &done] {
    seen = w.bytes[999];
    aligned = reinterpret_cast<std::uintptr_t>(&w) % 128 == 0;
    done.add();
  });
  done.take();
  EXPECT_EQ(seen, 'x');
  EXPECT_TRUE(aligned);
}

TEST(go, destroys_the_closure_on_the_goroutine) {
  gate done;
  std::uint64_t destroyed_by = 0, ran_as = 0;
  struct closure {
    gate* done;
    std::uint64_t *destroyed_by, *ran_as;
    bool owner = true;
    closure(gate* d, std::uint64_t* b, std::uint64_t* r) : done(d), destroyed_by(b), ran_as(r) {}
    closure(closure&& other) noexcept
        : done(other.done),
          destroyed_by(other.destroyed_by),
          ran_as(other.ran_as),
          owner(std::exchange(other.owner, false)) {}
    void operator()() { *ran_as = goroutine_id(); }
    ~closure() {
      if (!owner) return;
      *destroyed_by = goroutine_id();
      done->add();
    }
  };
  go(closure(&done, &destroyed_by, &ran_as));
  done.take();
  EXPECT_EQ(destroyed_by, ran_as);
  EXPECT_NE(ran_as, goroutine_id());
}

TEST(go, a_throwing_copy_of_an_argument_starts_nothing) {
  struct bomb {
    bomb() = default;
    bomb(const bomb&) { throw 1; }
  };
  const auto before = num_goroutine();
  const bomb b;
  EXPECT_THROW(go([](const bomb&) {}, b), int);
  EXPECT_EQ(num_goroutine(), before);
}

TEST(go, names_and_stack_sizes_are_options) {
  gate done;
  std::string name;
  go({.name = "feeder", .stack_size = 8 << 20}, [&] {
    volatile char large[4 << 20];
    large[0] = 1;
    large[sizeof large - 1] = 1;
    name = goroutine_name();
    done.add();
  });
  done.take();
  EXPECT_EQ(name, "feeder");
}

TEST(go, ids_are_never_reused) {
  gate done;
  std::uint64_t last = 0;
  for (int i = 0; i < 100; ++i) {
    std::uint64_t id = 0;
    go([&] { id = goroutine_id(), done.add(); });
    done.take();
    EXPECT_GT(id, last);
    last = id;
  }
}

using go_death = ::testing::Test;
TEST(go_death, nil_function_values_are_fatal) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(go(std::function<void()>()), ::testing::ExitedWithCode(2), "fatal error: go of nil func value");
  EXPECT_EXIT(
      {
        void (*none)() = nullptr;
        go(none);
      },
      ::testing::ExitedWithCode(2), "fatal error: go of nil func value");
}

}  // namespace
}  // namespace snag
