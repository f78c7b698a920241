// SPDX-License-Identifier: Apache-2.0
// The hooks as instrumented code calls them: on threads of their own, with the hot state at gs:0.
#include "detector/hooks.h"

#include <gtest/gtest.h>

#include <iterator>
#include <thread>

#include "detector/src/access_set.h"
#include "detector/src/entry.h"
#include "detector/src/race.h"
#include "detector/src/shadow_access.h"
#include "tests/detector/support/scripted_core.h"

namespace snag::testing {
namespace {

using namespace snag::detector;

alignas(64) std::uint64_t variable[8];
hooks::site sites_of_test[4];
std::vector<race_hit> told;

class hook_test : public ::testing::Test {
 protected:
  hook_test() {
    on_unmapped(variable, sizeof variable);
    told.clear();
    listen();
  }
  // (A scripted_core listens itself, from its creation on.)
  static void listen() {
    sink_for_testing = [](const race_hit& h) { told.push_back(h); };
  }
  ~hook_test() override {
    sink_for_testing = nullptr;
    on_unmapped(variable, sizeof variable);
  }
};

hooks::hot_state& at_gs() {
  hooks::hot_state* h;
  asm volatile("movq %%gs:0, %0" : "=r"(h));
  return *h;
}

TEST_F(hook_test, every_thread_has_a_hot_state_of_its_own_once_it_calls_a_hook) {
  __snag_write8(variable, sites_of_test);
  const hooks::hot_state* mine = &at_gs();
  EXPECT_EQ(mine->self, mine);
  std::thread([&] {
    __snag_write8(variable + 1, sites_of_test);
    EXPECT_NE(&at_gs(), mine);
    EXPECT_EQ(at_gs().self, &at_gs());
  }).join();
  EXPECT_EQ(&at_gs(), mine);
}

TEST_F(hook_test, the_inline_check_hits_after_the_hook_and_misses_after_a_release) {
  scripted_core core;
  core.go(0, 1);
  core.switch_to(1);
  __snag_write4(variable, sites_of_test);
  const auto cell =
      *reinterpret_cast<std::uint32_t*>(reinterpret_cast<std::uint64_t>(variable) ^ hooks::write_plane);
  const hooks::hot_state& h = at_gs();
  EXPECT_TRUE(hooks::inline_check(cell, h.window_base, h.window_span));
  core.release(1, 0);
  EXPECT_FALSE(hooks::inline_check(cell, h.window_base, h.window_span));
}

// One record stands for both granules of the object, and says something else after the second update. (It is
// named beside that of a plain write.)
TEST_F(hook_test, an_update_that_took_the_place_of_another_is_met_anew) {
  scripted_core core;
  __snag_write8(variable, sites_of_test);
  core.go(0, 1);
  core.go(0, 2);
  const auto update = [] {
    __snag_atomic64_update(variable, 1, static_cast<std::uint32_t>(hooks::atomic_operation::add), 5,
                           sites_of_test);
  };
  const auto* const halves = reinterpret_cast<const std::uint32_t*>(variable);
  listen();
  core.switch_to(1);
  update();
  core.release(1, 0);
  core.switch_to(2);
  core.acquire(2, 0);
  __snag_read4(&halves[0], &sites_of_test[1]);
  EXPECT_EQ(told.size(), 0u);
  core.switch_to(1);
  update();
  EXPECT_EQ(told.size(), 1u);
  core.switch_to(2);
  __snag_read4(&halves[1], &sites_of_test[1]);
  EXPECT_EQ(told.size(), 2u);
}

// Its cell stays what it was, and names an access that is no longer ordered.
TEST_F(hook_test, an_update_meets_a_read_that_was_renewed) {
  scripted_core core;
  __snag_write4(variable, sites_of_test);
  for (int id = 1; id <= 3; ++id) core.go(0, id);
  const auto update = [&] {
    core.switch_to(1);
    __snag_atomic32_update(reinterpret_cast<volatile std::uint32_t*>(variable), 1,
                           static_cast<std::uint32_t>(hooks::atomic_operation::add), 5, sites_of_test);
  };
  const auto read = [&](int id) {
    core.switch_to(id);
    __snag_read4(variable, &sites_of_test[1]);
    core.release(id, id);
  };
  listen();
  read(2);
  read(3);
  read(2);
  core.acquire(1, 2);
  core.acquire(1, 3);
  for (int i = 0; i < 3; ++i) update();
  core.release(1, 1);
  core.acquire(2, 1);
  read(2);
  EXPECT_EQ(told.size(), 0u);
  update();
  EXPECT_EQ(told.size(), 1u);
}

// One half has another reader, so that the read gets a record of its own there; the other is on record
// already.
TEST_F(hook_test, a_pair_whose_halves_differ_is_on_record_as_a_whole) {
  scripted_core core;
  for (int id = 1; id <= 3; ++id) core.go(0, id);
  const auto* const halves = reinterpret_cast<const std::uint32_t*>(variable);
  listen();
  core.switch_to(1);
  __snag_read1(variable, sites_of_test);
  core.switch_to(2);
  __snag_read4(&halves[0], &sites_of_test[1]);
  core.release(2, 2);
  __snag_read4(&halves[1], &sites_of_test[1]);
  __snag_read8(variable, sites_of_test);
  core.release(2, 2);
  core.acquire(3, 2);
  core.switch_to(2);
  __snag_read8(variable, sites_of_test);  // which nobody is ordered after
  core.switch_to(3);
  __snag_write8(variable, sites_of_test);
  const auto with_half = [&](const std::uint32_t& half) {
    return std::any_of(told.begin(), told.end(), [&](const race_hit& h) {
      return h.granule == reinterpret_cast<std::uint64_t>(&half) && h.bytes == all_bytes;
    });
  };
  EXPECT_TRUE(with_half(halves[0]));
  EXPECT_TRUE(with_half(halves[1]));
}

TEST_F(hook_test, a_window_comes_back_with_its_goroutine_unless_somebody_released_for_it) {
  scripted_core core;
  core.go(0, 1);
  core.go(0, 2);
  core.switch_to(1);
  __snag_write4(variable, sites_of_test);
  const auto& cell =
      *reinterpret_cast<std::uint32_t*>(reinterpret_cast<std::uint64_t>(variable) ^ hooks::write_plane);
  const hooks::hot_state& h = at_gs();
  core.switch_to(2);
  __snag_write4(variable + 2, sites_of_test);
  EXPECT_FALSE(hooks::inline_check(cell, h.window_base, h.window_span));
  core.switch_to(1);
  EXPECT_TRUE(hooks::inline_check(cell, h.window_base, h.window_span));
  core.switch_to(2);
  core.merge(1, 0);  // plays as actor 1
  core.switch_to(2);
  core.switch_to(1);
  EXPECT_FALSE(hooks::inline_check(cell, h.window_base, h.window_span));
}

TEST_F(hook_test, two_unordered_threads_race_and_an_increment_is_a_write_that_stands_for_its_read) {
  hooks::site increment;
  increment.flags = hooks::site_read_before;
  std::thread([&] { __snag_read4(variable, sites_of_test); }).join();
  EXPECT_TRUE(told.empty());
  std::thread([&] { __snag_write4(variable, &increment); }).join();
  ASSERT_EQ(told.size(), 1u);  // the write with the other thread's read
  std::thread([&] { __snag_write4(variable, &increment); }).join();
  EXPECT_EQ(told.size(), 3u);  // with the other threads' read and write
  std::thread([&] { __snag_read4(variable, sites_of_test); }).join();
  EXPECT_EQ(told.size(), 5u);  // with both increments
}

TEST_F(hook_test, an_unaligned_access_is_checked_in_every_granule_it_touches) {
  const auto* bytes = reinterpret_cast<const char*>(variable);
  std::thread([&] { __snag_write8(bytes + 3, sites_of_test); }).join();
  std::thread([&] { __snag_read1(bytes + 2, sites_of_test); }).join();
  EXPECT_TRUE(told.empty());
  for (int b = 3; b < 11; ++b) std::thread([&] { __snag_read1(bytes + b, sites_of_test); }).join();
  EXPECT_EQ(told.size(), 8u);
  std::thread([&] { __snag_read1(bytes + 11, sites_of_test); }).join();
  EXPECT_EQ(told.size(), 8u);
}

TEST_F(hook_test, a_vtable_pointer_stored_again_is_no_write) {
  static int table;
  auto* object = reinterpret_cast<void**>(variable);
  *object = nullptr;
  std::thread([&] { __snag_read8(variable, sites_of_test); }).join();
  __snag_vptr_write(object, nullptr, sites_of_test);
  EXPECT_TRUE(told.empty());
  __snag_vptr_write(object, &table, sites_of_test);
  EXPECT_FALSE(told.empty());
}

TEST_F(hook_test, an_access_that_interrupts_the_core_is_skipped) {
  __snag_write4(variable, sites_of_test);
  const internal_scope ours;
  EXPECT_TRUE(inside_detector());
  std::thread([&] { __snag_write4(variable + 1, sites_of_test); }).join();
  __snag_write4(variable + 1, sites_of_test);  // not seen
  EXPECT_TRUE(told.empty());
}

template <class T>
T wide(std::uint64_t high, std::uint64_t low) {
  return static_cast<T>(high) << 64 | low;
}

TEST_F(hook_test, frames_of_a_routine_that_was_left_without_returning_are_let_go) {
  scripted_core core;
  core.go(0, 1);
  core.switch_to(1);
  hooks::frame left;
  at_gs().top = &left;
  events::installed()->on_unwound(core.actor(0));
  EXPECT_EQ(at_gs().top, &left);  // another's
  events::installed()->on_unwound(core.actor(1));
  EXPECT_EQ(at_gs().top, nullptr);
}

// The frame that was found trustworthy last (entry.h).
class trusted_frame : public hook_test {
 protected:
  trusted_frame() {
    static const bool added = [] {
      for (hooks::site& s : calls_) s.kind = hooks::site_kind::call;
      sites.add(calls_, calls_ + std::size(calls_));
      return true;
    }();
    static_cast<void>(added);
    core_.go(0, 1);
    core_.go(0, 2);
    core_.switch_to(1);
    stack_[2] = {nullptr, &calls_[0], 0, 0};
    stack_[1] = {&stack_[2], nullptr, 0, 0};
    at_gs().top = &stack_[1];
  }
  ~trusted_frame() override { at_gs().top = nullptr; }
  context_id context_above(const hooks::frame& stack_pointer) {
    return place_at(this_thread(), &calls_[2], &stack_pointer).context;
  }
  static context_id called_at(int call) {
    return contexts.intern(context_id::root, sites.id_of(&calls_[call]));
  }
  static inline hooks::site calls_[3];
  scripted_core core_;
  hooks::frame stack_[3];
};

TEST_F(trusted_frame, is_trusted_while_it_says_the_same) {
  EXPECT_EQ(context_above(stack_[0]), called_at(0));
  EXPECT_EQ(context_above(stack_[0]), called_at(0));
  stack_[2].call = &calls_[1];
  stack_[1] = {&stack_[2], nullptr, 0, 0};  // of another function, entered anew
  EXPECT_EQ(context_above(stack_[0]), called_at(1));
}

TEST_F(trusted_frame, of_a_stacks_first_function_is_told_from_another_in_its_place) {
  at_gs().top = &stack_[2];
  EXPECT_EQ(context_above(stack_[0]), context_id::root);
  at_gs().top = &stack_[1];
  stack_[1] = {nullptr, nullptr, 0, 0};
  EXPECT_EQ(context_above(stack_[0]), context_id::root);
  stack_[1] = {&stack_[2], nullptr, 0, 0};
  EXPECT_EQ(context_above(stack_[0]), called_at(0));
}

TEST_F(trusted_frame, has_leaves_of_several_calls) {
  hooks::site leaf = calls_[2];  // (registered: it has a number)
  leaf.flags = hooks::site_leaf;
  const auto leaf_context = [&] { return place_at(this_thread(), &leaf, &stack_[0]).context; };
  at_gs().top = &stack_[2];
  for (int round = 0; round < 2; ++round)
    for (const int call : {0, 0, 1, 1}) {
      stack_[2].call = &calls_[call];
      EXPECT_EQ(leaf_context(), called_at(call));
      EXPECT_EQ(context_above(stack_[0]), context_id::root);
    }
  stack_[2].call = nullptr;
  EXPECT_EQ(leaf_context(), context_id::root);
}

TEST_F(trusted_frame, is_not_trusted_below_the_stack_pointer) {
  EXPECT_EQ(context_above(stack_[0]), called_at(0));
  EXPECT_EQ(context_above(stack_[2]), context_id::root);
}

TEST_F(trusted_frame, is_not_trusted_on_another_goroutines_stack) {
  EXPECT_EQ(context_above(stack_[0]), called_at(0));
  core_.switch_to(2);
  this_thread().actor->stack = {4096, 8192};
  at_gs().top = &stack_[1];
  EXPECT_EQ(context_above(stack_[0]), context_id::root);
  this_thread().actor->stack = {};
}

class atomic_counter : public hook_test {
 protected:
  void increment(int actor) {
    core_.switch_to(actor);
    const auto add = static_cast<std::uint32_t>(hooks::atomic_operation::add);
    __snag_atomic64_update(variable, 1, add, 4, sites_of_test);
  }
  static cell writes() {
    return cell(write_cell(reinterpret_cast<std::uint64_t>(variable)).load(std::memory_order_relaxed));
  }
  scripted_core core_;
};

TEST_F(atomic_counter, has_the_same_records_as_long_as_a_few_count_in_turns) {
  for (int actor = 1; actor <= 3; ++actor) core_.go(0, actor);
  for (int actor = 1; actor <= 3; ++actor) increment(actor);
  const cell found = writes();
  EXPECT_EQ(sets.size(found), 3u);
  for (int round = 0; round < 5; ++round)
    for (int actor = 3; actor >= 1; --actor) {
      increment(actor);
      EXPECT_EQ(writes(), found);
    }
}

TEST_F(atomic_counter, has_few_records_however_many_have_counted) {
  for (int actor = 1; actor <= 12; ++actor) {
    core_.go(0, actor);
    increment(actor);
  }
  EXPECT_LE(sets.size(writes()), 4u);
}

TEST_F(hook_test, wide_atomics_do_what_they_should) {
  using word = unsigned __int128;
  alignas(16) static volatile word value = 0;
  const auto* s = sites_of_test;
  __snag_atomic128_store(&value, wide<word>(1, 2), 3, s);
  EXPECT_TRUE(__snag_atomic128_load(&value, 2, s) == wide<word>(1, 2));
  const auto add = static_cast<std::uint32_t>(hooks::atomic_operation::add);
  EXPECT_TRUE(__snag_atomic128_update(&value, wide<word>(1, UINT64_MAX), add, 5, s) == wide<word>(1, 2));
  EXPECT_TRUE(__snag_atomic128_compare_exchange(&value, wide<word>(3, 1), 7, 5, 0, s) == wide<word>(3, 1));
  EXPECT_TRUE(value == 7);
}

TEST_F(hook_test, every_update_returns_the_old_value_and_leaves_the_new) {
  struct {
    hooks::atomic_operation operation;
    std::uint8_t old, operand, expected;
  } const cases[] = {
      {hooks::atomic_operation::exchange, 5, 9, 9},     {hooks::atomic_operation::add, 250, 10, 4},
      {hooks::atomic_operation::sub, 5, 9, 252},        {hooks::atomic_operation::bit_and, 12, 10, 8},
      {hooks::atomic_operation::bit_or, 12, 10, 14},    {hooks::atomic_operation::bit_xor, 12, 10, 6},
      {hooks::atomic_operation::bit_nand, 12, 10, 247}, {hooks::atomic_operation::max, 200, 10, 10},
      {hooks::atomic_operation::min, 200, 10, 200},     {hooks::atomic_operation::umax, 200, 10, 200},
      {hooks::atomic_operation::umin, 200, 10, 10},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(static_cast<int>(c.operation));
    static volatile std::uint8_t value;
    value = c.old;
    EXPECT_EQ(
        __snag_atomic8_update(&value, c.operand, static_cast<std::uint32_t>(c.operation), 0, sites_of_test),
        c.old);
    EXPECT_EQ(value, c.expected);
  }
}

TEST(hooks_death, a_module_of_another_abi_version_is_refused) {
  EXPECT_DEATH(__snag_module_register(sites_of_test, sites_of_test + 4, hooks::abi_version + 1),
               "another version");
}

}  // namespace
}  // namespace snag::testing
