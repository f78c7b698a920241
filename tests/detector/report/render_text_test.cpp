// SPDX-License-Identifier: Apache-2.0
#include "detector/render_text.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>

#include "tests/detector/report/races.h"

namespace snag::detector {
namespace {

// Compares with golden/NAME.txt; SNAG_UPDATE_GOLDEN=1 writes the file instead.
void expect_golden(const string& text, const std::string& name) {
  const std::string path = std::string(SNAG_GOLDEN) + "/" + name + ".txt";
  if (std::getenv("SNAG_UPDATE_GOLDEN")) {
    std::ofstream(path) << text.c_str();
    return;
  }
  std::ifstream file(path);
  std::stringstream expected;
  expected << file.rdbuf();
  EXPECT_EQ(std::string(text.c_str()), expected.str()) << path;
}

TEST(render_text, a_global_written_by_a_goroutine_and_read_by_main) {
  expect_golden(render_text(fake::counter_finding()), "global");
}

TEST(render_text, a_field_of_a_heap_block_freed_by_a_thread) {
  finding f = fake::counter_finding();
  f.accesses[0].operation = "free";
  f.accesses[0].actor = 9;
  f.accesses[0].size = 16;
  f.accesses[0].variable = f.accesses[0].type = f.accesses[0].declaration = "";
  f.accesses[0].expression = "delete account";
  f.accesses[1].variable = "account::balance";
  f.accesses[1].expression = "account->balance";
  f.accesses[1].declaration = "account.h:4";
  f.accesses[1].recursion_folded = true;
  f.memory.kind = "heap";
  f.memory.name = f.memory.module = "";
  f.memory.base = 0x55555555a038;
  f.memory.size = 16;
  f.memory.owner = 1;
  f.memory.freed = true;
  f.memory.allocated_at = f.actors[0].created_at;
  f.actors[0].id = 9;
  f.actors[0].kind = "thread";
  f.actors[0].state = "finished";
  f.actors[0].name = "";
  expect_golden(render_text(f), "heap");
}

TEST(render_text, a_captured_local_on_the_stack_of_another_goroutine) {
  finding f = fake::counter_finding();
  f.accesses[0].capture = "by reference at app.cpp:20";
  f.memory = {};
  f.memory.kind = "stack";
  f.memory.owner = 7;
  expect_golden(render_text(f), "stack");
}

TEST(render_text, who_still_runs_has_a_scope) {
  expect_golden(render_text(fake::still_running_finding()), "still_running");
}

TEST(render_text, a_thread_that_nobody_joined_waits_for_nothing) {
  expect_golden(render_text(fake::thread_not_joined_finding()), "thread_not_joined");
}

TEST(render_text, a_deadlock_says_who_waits_for_whom) {
  expect_golden(render_text(fake::lock_cycle_finding()), "lock_cycle");
}

TEST(render_text, a_leak_of_many_is_one_line) {
  finding f = fake::lock_cycle_finding();
  f.kind = finding_kind::leak;
  f.rule = f.shape = "orphan";
  f.backing = certainty::suspected;
  f.waits.erase(f.waits.begin(), f.waits.begin() + 2);
  f.waits[0].behind = false;
  f.waits[0].alike = 2999;
  f.remedy = "somebody who runs notified wait group done";
  expect_golden(render_text(f), "orphans");
}

TEST(render_text, a_container_is_named_by_the_users_call) {
  finding f = fake::counter_finding();
  for (access_description& a : f.accesses) {
    a.through = "jobs.push_back(1)";
    a.object = "jobs";
    a.variable = "std::_Vector_base<int>::_Vector_impl_data::_M_finish";
    a.type = "int *";
    a.size = 8;
  }
  f.accesses[1].through = "std::sort(jobs.begin(), jobs.end())";
  f.accesses[1].object = f.accesses[1].variable = "";
  expect_golden(render_text(f), "container");
}

TEST(render_text, nothing_known_but_the_addresses) {
  finding f = fake::counter_finding();
  for (access_description& a : f.accesses) {
    a.stack.clear();
    a.expression = a.variable = a.type = a.declaration = "";
  }
  f.accesses[1].operation = "atomic write";
  f.accesses[1].actor = 12;
  f.actors.clear();
  f.memory = {};
  f.memory.kind = "unknown";
  expect_golden(render_text(f), "unknown");
}

TEST(render_text, frames_of_our_own_headers_are_left_out) {
  finding f = fake::counter_finding();
  source_frame ours = f.accesses[0].stack[0];
  ours.function = "snag::chan<int>::send";
  ours.runtime = true;
  f.accesses[0].stack.insert(f.accesses[0].stack.begin(), ours);
  EXPECT_EQ(render_text(f), render_text(fake::counter_finding()));
}

TEST(render_text, the_librarys_way_of_calling_the_users_function_is_left_out) {
  finding f = fake::counter_finding();
  auto library = [&](const char* function) {
    source_frame frame = f.accesses[0].stack[0];
    frame.function = function;
    frame.file = "/usr/include/c++/12/bits/x.h";
    frame.library = true;
    return frame;
  };
  vector<source_frame>& stack = f.accesses[0].stack;
  stack.insert(stack.begin() + 1, library("void std::__invoke_impl<void, main::$_0>(std::__invoke_other)"));
  stack.push_back(library("std::thread::_State_impl::_M_run()"));
  stack.push_back(library("execute_native_thread_routine"));
  EXPECT_EQ(render_text(f), render_text(fake::counter_finding()));
  // What the library does for the user, between two of his functions or at the access, stays.
  stack.insert(stack.begin(), library("std::vector<int>::push_back(int&&)"));
  stack.insert(stack.begin() + 2, library("std::for_each<int*, f>(int*, int*, f)"));
  const string text = render_text(f);
  EXPECT_NE(text.find("std::vector<int>::push_back"), string::npos);
  EXPECT_NE(text.find("std::for_each"), string::npos);
}

TEST(render_text, colour_changes_nothing_but_the_headline) {
  string coloured = render_text(fake::counter_finding(), {.colour = true});
  const auto at = coloured.find("\033[1;31m");
  ASSERT_NE(at, string::npos);
  coloured.erase(at, 7);
  coloured.erase(coloured.find("\033[0m"), 4);
  EXPECT_EQ(coloured, render_text(fake::counter_finding()));
}

TEST(render_text, the_summary_is_gos_line) {
  EXPECT_EQ(render_summary({.races = 2}), "Found 2 data race(s)\n");
  EXPECT_EQ(render_summary({.races = 1, .not_shown = 3, .repeats = 1}),
            "Found 1 data race(s)\n  1 repetition of the same not shown\n  3 not shown (max_reports)\n");
}

}  // namespace
}  // namespace snag::detector
