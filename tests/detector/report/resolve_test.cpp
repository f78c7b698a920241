// SPDX-License-Identifier: Apache-2.0
#include "detector/src/resolve.h"
#include "detector/src/describe.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "detector/fingerprint.h"
#include "detector/src/symbols.h"
#include "tests/detector/report/races.h"

constinit int visible_global[4] = {1, 2, 3, 4};

namespace snag::detector {
namespace {

using testing::ElementsAre;

struct resolve_test : testing::Test {
  void SetUp() override { fake::reset(); }
};

std::vector<std::string> places(const vector<source_frame>& stack) {
  std::vector<std::string> out;
  for (const source_frame& f : stack)
    out.push_back(std::string(f.function.c_str()) + " " + f.file.c_str() + ":" + std::to_string(f.line) +
                  (f.inlined ? " inlined" : "") + (f.runtime ? " runtime" : ""));
  return out;
}

TEST_F(resolve_test, names_both_accesses_their_goroutines_and_the_global) {
  const finding f = resolve(fake::make_counter_race().race, "");
  ASSERT_EQ(f.accesses.size(), 2u);
  EXPECT_EQ(f.rule, "data-race");
  EXPECT_EQ(f.message, "data race on counter (int): write at app.cpp:12 and read at app.cpp:25");
  EXPECT_THAT(places(f.accesses[0].stack),
              ElementsAre("bump() app.cpp:12", "main::$_0::operator()() const app.cpp:20"));
  EXPECT_THAT(places(f.accesses[1].stack), ElementsAre("main app.cpp:25"));
  EXPECT_EQ(f.accesses[0].operation, "write");
  EXPECT_EQ(f.accesses[0].variable, "counter");
  EXPECT_EQ(f.memory.kind, "global");
  EXPECT_THAT(f.memory.name.c_str(), testing::HasSubstr("counter"));
  EXPECT_EQ(f.memory.size, 4u);
  ASSERT_EQ(f.actors.size(), 2u);
  EXPECT_EQ(f.actors[0].id, 7u);
  EXPECT_EQ(f.actors[0].name, "feeder");
  EXPECT_EQ(f.actors[0].parent, 1u);
  EXPECT_EQ(f.actors[0].state, "running");
  EXPECT_THAT(places(f.actors[0].created_at), ElementsAre("main app.cpp:20"));
  EXPECT_TRUE(f.actors[1].created_at.empty());
}

TEST_F(resolve_test, expands_inlined_calls_innermost_first) {
  auto r = fake::make_counter_race();
  const hooks::site* outer = fake::add_site(
      {.kind = hooks::site_kind::inlined_call, .line = 50, .file = "app.cpp", .function = "outer()"});
  const hooks::site* middle = fake::add_site({.kind = hooks::site_kind::inlined_call,
                                              .line = 40,
                                              .file = "mid.h",
                                              .function = "middle()",
                                              .inlined_at = outer});
  r.race.current.site = fake::add_site({.kind = hooks::site_kind::write,
                                        .line = 30,
                                        .size = 4,
                                        .file = "in.h",
                                        .function = "inner()",
                                        .inlined_at = middle});
  const finding f = resolve(r.race, "");
  EXPECT_THAT(places(f.accesses[0].stack),
              ElementsAre("inner() in.h:30 inlined", "middle() mid.h:40 inlined", "outer() app.cpp:50",
                          "main::$_0::operator()() const app.cpp:20"));
}

TEST_F(resolve_test, an_access_in_our_headers_is_named_by_the_users_call) {
  auto r = fake::make_counter_race();
  const hooks::site* user = fake::add_site({.kind = hooks::site_kind::inlined_call,
                                            .line = 33,
                                            .file = "app.cpp",
                                            .function = "produce()",
                                            .expression = "jobs << job"});
  r.race.current.site = fake::add_site({.kind = hooks::site_kind::read,
                                        .flags = hooks::site_runtime,
                                        .line = 90,
                                        .size = 4,
                                        .file = "snag/chan.h",
                                        .function = "snag::chan<int>::send",
                                        .expression = "value",
                                        .variable = "value",
                                        .type = "const int",
                                        .inlined_at = user});
  const finding f = resolve(r.race, "");
  EXPECT_EQ(f.accesses[0].expression, "jobs << job");
  EXPECT_EQ(f.accesses[0].variable, "");
  ASSERT_NE(user_frame(f.accesses[0].stack), nullptr);
  EXPECT_EQ(user_frame(f.accesses[0].stack)->function, "produce()");
}

TEST_F(resolve_test, a_misuse_names_the_object_and_both_operations) {
  auto r = fake::make_counter_race();
  r.race.current.site =
      fake::add_site({.kind = hooks::site_kind::call,
                      .line = 3,
                      .file = "app.cpp",
                      .function = "f()",
                      .expression = "snag::select(snag::on_send(jobs, 1), snag::on_recv(stop))"});
  r.race.address = 8;  // no variable's
  const finding f = resolve(raw_misuse{misuse_kind::sent_on_closed, events::object_kind::channel, 8,
                                       r.race.current, r.race.previous},
                            "");
  EXPECT_EQ(f.kind, finding_kind::misuse);
  EXPECT_EQ(f.rule, "send-on-closed-channel");
  EXPECT_EQ(f.message, "send on channel jobs, which is closed");
  ASSERT_EQ(f.accesses.size(), 2u);
  EXPECT_EQ(f.accesses[0].operation, "send");
  EXPECT_EQ(f.accesses[0].variable, "jobs");
  EXPECT_EQ(f.accesses[0].type, "channel");
  EXPECT_EQ(f.accesses[1].operation, "close");
  ASSERT_EQ(f.hints.size(), 1u);
  EXPECT_EQ(f.hints[0].rule, f.rule);
}

TEST_F(resolve_test, unordered_uses_are_the_same_finding_whichever_comes_first) {
  auto r = fake::make_counter_race();
  r.race.address = 8;
  r.race.of = events::object_kind::channel;
  r.race.current.kind = access_kind::write;
  r.race.previous.kind = access_kind::read;
  const finding close_last = resolve(r.race, "");
  std::swap(r.race.current, r.race.previous);
  const finding send_last = resolve(r.race, "");
  EXPECT_EQ(close_last.rule, "send-beside-close");
  EXPECT_EQ(close_last.accesses[0].operation, "close");
  EXPECT_EQ(send_last.accesses[0].operation, "send");
  EXPECT_EQ(close_last.message, send_last.message);
  EXPECT_EQ(fingerprint(close_last), fingerprint(send_last));
  EXPECT_NE(close_last.missing_edge, "");
  r.race.previous.kind = r.race.current.kind = access_kind::write;
  EXPECT_EQ(resolve(r.race, "").rule, "close-beside-close");
  r.race.previous.kind = access_kind::allocation;  // not made yet, for all that is known
  EXPECT_EQ(resolve(r.race, "").rule, "data-race");
}

TEST_F(resolve_test, a_wait_for_a_later_round_is_told_apart_by_its_byte) {
  auto r = fake::make_counter_race();
  r.race.of = events::object_kind::wait_group;
  r.race.current.kind = access_kind::atomic_write;
  r.race.previous.kind = access_kind::read;
  r.race.address = 64;
  EXPECT_EQ(resolve(r.race, "").rule, "add-beside-wait");
  EXPECT_EQ(resolve(r.race, "").accesses[0].operation, "wait");
  r.race.address = 68;
  EXPECT_EQ(resolve(r.race, "").rule, "reuse-beside-wait");
}

TEST_F(resolve_test, strips_the_prefix_of_paths) {
  auto r = fake::make_counter_race();
  r.race.current.site = fake::add_site({.kind = hooks::site_kind::write,
                                        .line = 3,
                                        .size = 4,
                                        .file = "/home/u/app/src/a.cpp",
                                        .function = "f()",
                                        .declaration = "/home/u/app/src/a.h:1"});
  EXPECT_EQ(resolve(r.race, "/home/u/app").accesses[0].stack[0].file, "src/a.cpp");
  EXPECT_EQ(resolve(r.race, "/home/u/app/").accesses[0].declaration, "src/a.h:1");
  EXPECT_EQ(resolve(r.race, "/elsewhere").accesses[0].stack[0].file, "/home/u/app/src/a.cpp");
}

TEST_F(resolve_test, tells_the_librarys_frames_from_the_users) {
  auto r = fake::make_counter_race();
  const hooks::site* user = fake::add_site({.kind = hooks::site_kind::inlined_call,
                                            .line = 33,
                                            .file = "app.cpp",
                                            .function = "produce()",
                                            .expression = "jobs.push_back(1)"});
  r.race.current.site =
      fake::add_site({.kind = hooks::site_kind::write,
                      .line = 9,
                      .size = 8,
                      .file = "/usr/lib/gcc/x/12/../../../../include/c++/12/bits/stl_vector.h",
                      .function = "std::vector<int>::push_back(int&&)",
                      .inlined_at = user});
  const finding f = resolve(r.race, "");
  EXPECT_TRUE(f.accesses[0].stack[0].library);
  EXPECT_EQ(f.accesses[0].stack[0].file, "/usr/include/c++/12/bits/stl_vector.h");
  EXPECT_FALSE(f.accesses[0].stack[1].library);
  EXPECT_EQ(user_frame(f.accesses[0].stack)->function, "produce()");
  EXPECT_EQ(f.accesses[0].through, "jobs.push_back(1)");
  EXPECT_EQ(f.accesses[0].object, "jobs");
  EXPECT_EQ(f.message, "data race on jobs: write at app.cpp:33 and read at app.cpp:25");
}

TEST_F(resolve_test, an_access_in_a_library_is_the_same_race_inlined_or_not) {
  auto r = fake::make_counter_race();
  const fake::site_text in_vector{.kind = hooks::site_kind::write,
                                  .line = 9,
                                  .size = 8,
                                  .file = "/usr/include/c++/12/bits/stl_vector.h",
                                  .function = "std::vector<int>::push_back(int&&)"};
  const fake::site_text user{.kind = hooks::site_kind::call,
                             .line = 33,
                             .file = "app.cpp",
                             .function = "f()",
                             .expression = "jobs.push_back(1)",
                             .ordinal = 1};
  auto inlined = in_vector;
  inlined.inlined_at = fake::add_site(user);
  r.race.current.site = fake::add_site(inlined);
  r.race.current.context = fake::add_context({r.call});
  const finding a = resolve(r.race, "");
  r.race.current.site = fake::add_site(in_vector);
  r.race.current.context = fake::add_context({fake::add_site(user), r.call});
  const finding b = resolve(r.race, "");
  EXPECT_EQ(a.accesses[0].ordinal, 1u);
  EXPECT_EQ(b.accesses[0].ordinal, 1u);
  EXPECT_EQ(fingerprint(a), fingerprint(b));
}

TEST_F(resolve_test, takes_the_ordinal_of_the_users_part) {
  auto r = fake::make_counter_race();
  EXPECT_EQ(resolve(r.race, "").accesses[0].ordinal, 0u);
  r.race.current.site = fake::add_site(
      {.line = 14, .file = "app.cpp", .function = "bump()", .expression = "counter", .ordinal = 2});
  EXPECT_EQ(resolve(r.race, "").accesses[0].ordinal, 2u);
}

TEST_F(resolve_test, knows_whose_stack_an_address_is_on) {
  auto r = fake::make_counter_race();
  char local[64];
  auto& w = fake::the_world();
  w.stack_low = local;
  w.stack_high = local + sizeof local;
  w.stack_owner = events::goroutine_id{7};
  r.race.address = reinterpret_cast<std::uint64_t>(local + 8);
  const finding f = resolve(r.race, "");
  EXPECT_EQ(f.memory.kind, "stack");
  EXPECT_EQ(f.memory.owner, 7u);
}

TEST_F(resolve_test, an_actor_nobody_remembers_still_has_its_number) {
  auto r = fake::make_counter_race();
  fake::the_world().actors.clear();
  const finding f = resolve(r.race, "");
  ASSERT_EQ(f.actors.size(), 2u);
  EXPECT_EQ(f.actors[0].id, 7u);
  EXPECT_EQ(f.actors[0].state, "");
}

TEST_F(resolve_test, says_where_recursion_was_folded) {
  auto r = fake::make_counter_race();
  r.race.current.context = fake::add_context({r.call}, true);
  const finding f = resolve(r.race, "");
  EXPECT_TRUE(f.accesses[0].recursion_folded);
  EXPECT_FALSE(f.accesses[1].recursion_folded);
}

TEST(symbols, find_globals_of_the_program_and_of_libraries) {
  global_symbol g;
  ASSERT_TRUE(find_global(&visible_global[2], g));
  EXPECT_EQ(g.name, "visible_global");
  EXPECT_EQ(g.base, reinterpret_cast<std::uint64_t>(&visible_global[0]));
  EXPECT_EQ(g.size, sizeof visible_global);
  EXPECT_EQ(g.module, "snag_report_test");
  ASSERT_TRUE(find_global(stdout, g));  // in libc.so, from its .dynsym or .symtab
  EXPECT_THAT(g.name.c_str(), testing::HasSubstr("_IO_2_1_stdout_"));
  int local = 0;
  EXPECT_FALSE(find_global(&local, g));
}

// Both sides' ancestors once, each side before them; what was released last is an edge only if it was met.
TEST_F(resolve_test, says_who_started_whom_and_whether_the_last_release_was_met) {
  auto r = fake::make_counter_race();
  const finding f = resolve(r.race, "");
  ASSERT_EQ(f.starts.size(), 2u);
  EXPECT_EQ(f.starts[0].actor, f.accesses[0].actor);
  EXPECT_EQ(f.starts[0].parent, 1u);
  EXPECT_EQ(f.starts[0].at.front().call, "snag::go(bump)");
  EXPECT_EQ(f.starts[1].actor, 1u);
  EXPECT_FALSE(f.release_met);
  r.race.release_met = true;
  EXPECT_FALSE(resolve(r.race, "").release_met);  // there is none to be met
  r.race.previous.last_release = r.created;
  EXPECT_TRUE(resolve(r.race, "").release_met);
}

}  // namespace
}  // namespace snag::detector
