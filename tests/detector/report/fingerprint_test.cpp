// SPDX-License-Identifier: Apache-2.0
#include "detector/fingerprint.h"

#include <gtest/gtest.h>

#include <utility>

#include "detector/src/describe.h"
#include "detector/src/lambda_names.h"
#include "detector/src/resolve.h"
#include "tests/detector/report/races.h"

namespace snag::detector {
namespace {

TEST(fingerprint, is_32_hexadecimal_digits_and_never_changes) {
  // A changed value here orphans every baseline that users keep: raise the schema's version if it must be.
  EXPECT_EQ(fingerprint(fake::counter_finding()), "d2d688a2578524394bb9d6a0613f3d12");
}

TEST(fingerprint, does_not_depend_on_lines_paths_addresses_ids_or_order) {
  const finding f = fake::counter_finding();
  finding g = f;
  for (access_description& a : g.accesses) {
    a.address += 4096;
    a.actor += 100;
    a.declaration = "elsewhere/app.cpp:500";
    for (source_frame& s : a.stack) s.line += 17, s.column += 2, s.file = "/other/machine/app.cpp";
  }
  g.memory.base += 4096;
  g.memory.module = "app2";
  g.actors.clear();
  std::swap(g.accesses[0], g.accesses[1]);
  EXPECT_EQ(fingerprint(f), fingerprint(g));
}

TEST(fingerprint, read_and_write_of_one_statement_are_one_race) {
  finding f = fake::counter_finding(), g = f;
  g.accesses[1].operation = "write";
  EXPECT_EQ(fingerprint(f), fingerprint(g));
}

TEST(fingerprint, lambdas_may_be_renumbered) {
  finding f = fake::counter_finding(), g = f;
  f.accesses[0].stack[0].function = "main::$_0::operator()() const";
  g.accesses[0].stack[0].function = "main::$_3::operator()() const";
  EXPECT_EQ(fingerprint(f), fingerprint(g));
}

template <class Change>
void expect_distinct(Change change) {
  finding f = fake::counter_finding();
  change(f);
  EXPECT_NE(fingerprint(f), fingerprint(fake::counter_finding()));
}

TEST(fingerprint, tells_variables_apart) {
  expect_distinct(
      [](finding& f) { f.accesses[0].variable = f.accesses[1].variable = f.memory.name = "total"; });
}
TEST(fingerprint, tells_functions_apart) {
  expect_distinct([](finding& f) { f.accesses[0].stack[0].function = "drop()"; });
}
TEST(fingerprint, tells_expressions_apart) {
  expect_distinct([](finding& f) { f.accesses[0].expression = "counter--"; });
}
TEST(fingerprint, tells_equal_expressions_on_different_lines_apart) {
  expect_distinct([](finding& f) { f.accesses[0].ordinal = 1; });
}
TEST(fingerprint, tells_atomic_from_plain_accesses) {
  expect_distinct([](finding& f) { f.accesses[0].operation = "atomic write"; });
}
TEST(fingerprint, tells_a_free_from_a_write) {
  expect_distinct([](finding& f) { f.accesses[0].operation = "free"; });
}

TEST(fingerprint, a_helper_that_takes_a_reference_races_once_for_each_global_it_is_given) {
  finding f = fake::counter_finding();
  for (access_description& a : f.accesses) a.variable = "x";
  finding g = f;
  g.memory.name = "total";
  EXPECT_NE(fingerprint(f), fingerprint(g));
}

TEST(fingerprint, a_helper_that_takes_a_reference_races_once_for_each_calling_function) {
  finding f = fake::counter_finding();
  for (access_description& a : f.accesses) a.variable = "x";
  finding g = f;
  g.accesses[0].stack[1].function = "other()";
  EXPECT_NE(fingerprint(f), fingerprint(g));
}

TEST(fingerprint, callers_do_not_matter_to_a_field) {
  finding f = fake::counter_finding();
  for (access_description& a : f.accesses) a.variable = "account::balance";
  finding g = f;
  g.accesses[0].stack[1].function = "other()";
  g.memory.name = "second_account";
  EXPECT_EQ(fingerprint(f), fingerprint(g));
}

// jobs.push_back(1) in two goroutines, meeting at the vector's end pointer.
finding container_finding() {
  finding f = fake::counter_finding();
  source_frame inside = f.accesses[0].stack[0];
  inside.function = "std::vector<int>::push_back(int&&)";
  inside.file = "/usr/include/c++/12/bits/stl_vector.h";
  inside.call = "this->_M_impl._M_finish";
  inside.library = true;
  for (access_description& a : f.accesses) {
    a.variable = "std::_Vector_base<int>::_Vector_impl_data::_M_finish";
    a.expression = "this->_M_impl._M_finish";
    a.through = a.stack.front().call = "jobs.push_back(1)";
    a.object = "jobs";
    a.stack.insert(a.stack.begin(), inside);
  }
  f.memory.name = "jobs";
  return f;
}

TEST(fingerprint, two_containers_of_one_type_are_two_races) {
  const finding f = container_finding();
  finding g = f, h = f;
  for (access_description& a : g.accesses) a.through = "results.push_back(1)";
  EXPECT_NE(fingerprint(f), fingerprint(g));
  h.memory.name = "results";  // the same calls on a reference, to another global
  EXPECT_NE(fingerprint(f), fingerprint(h));
}

TEST(fingerprint, a_global_container_and_its_blocks_are_one_race) {
  const finding f = container_finding();  // on a member of the global itself
  finding g = f;
  g.memory = {};
  g.memory.kind = "heap";
  EXPECT_EQ(fingerprint(f), fingerprint(g));
}

TEST(fingerprint, two_calls_race_once_however_many_members_they_meet_at) {
  finding f = container_finding();
  f.memory = {};
  f.memory.kind = "stack";
  finding g = f;
  for (access_description& a : g.accesses) a.variable = "std::_Vector_base<int>::_Vector_impl_data::_M_start";
  g.accesses[0].stack[0].function = "std::vector<int>::_M_realloc_insert(int&&)";
  EXPECT_EQ(fingerprint(f), fingerprint(g));
  finding elements = g;
  elements.memory.kind = "heap";
  elements.accesses[1].operation = "free";
  EXPECT_EQ(fingerprint(f), fingerprint(elements));
}

TEST(fingerprint, survives_an_edit_above_and_another_lambda_before) {
  fake::reset();
  const string before = fingerprint(resolve(fake::make_counter_race().race, ""));
  fake::reset();
  const string after =
      fingerprint(resolve(fake::make_counter_race(40, "main::$_5::operator()() const").race, ""));
  EXPECT_EQ(before, after);
}

TEST(lambda_names, lose_their_number_only) {
  EXPECT_EQ(without_lambda_numbers("main::$_12::operator()(int) const"), "main::$_::operator()(int) const");
  EXPECT_EQ(without_lambda_numbers("f(int)::'lambda3'(int)::operator()(int) const"),
            "f(int)::'lambda'(int)::operator()(int) const");
  EXPECT_EQ(without_lambda_numbers("f()::{lambda(int)#2}::operator()(int)"),
            "f()::{lambda(int)#}::operator()(int)");
  EXPECT_EQ(without_lambda_numbers("std::array<int, 3>::at(4)"), "std::array<int, 3>::at(4)");
  EXPECT_EQ(without_lambda_numbers("f2(int)"), "f2(int)");
}

TEST(fingerprint, who_is_left_is_told_apart_by_where_he_was_started) {
  finding f = fake::still_running_finding();
  const string as_it_is = fingerprint(f);
  f.waits[0].state = "receive";
  f.waits[1].stack = f.waits[0].stack;
  f.actors[0].id = 99;
  EXPECT_EQ(fingerprint(f), as_it_is);  // what he does at that moment differs from run to run
  f.scopes[0].name = "another";
  EXPECT_EQ(fingerprint(f), as_it_is);
  f.actors[0].created_at[0].call = "snag::go(another)";
  EXPECT_NE(fingerprint(f), as_it_is);
}

}  // namespace
}  // namespace snag::detector
