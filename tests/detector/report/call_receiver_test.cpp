// SPDX-License-Identifier: Apache-2.0
#include "detector/src/call_receiver.h"

#include <gtest/gtest.h>

namespace snag::detector {
namespace {

TEST(call_receiver, is_what_a_member_is_called_on) {
  EXPECT_EQ(receiver_of("jobs.push_back(1)"), "jobs");
  EXPECT_EQ(receiver_of("this->jobs_.push_back(f(x.y))"), "this->jobs_");
  EXPECT_EQ(receiver_of("p->index.find(key)"), "p->index");
  EXPECT_EQ(receiver_of("app::jobs.emplace<int>(1)"), "app::jobs");
  EXPECT_EQ(receiver_of("r.users[1]->name.empty()"), "r.users[1]->name");
  EXPECT_EQ(receiver_of("names[index(\"])\")].clear()"), "names[index(\"])\")]");
  EXPECT_EQ(receiver_of("store().get(1).find(2)"), "store().get(1)");
  EXPECT_EQ(receiver_of("table.rows.insert({.name = \"a very long text that was cut at the..."),
            "table.rows");
}
TEST(call_receiver, is_the_left_side_of_an_operator) {
  EXPECT_EQ(receiver_of("index[key]"), "index");
  EXPECT_EQ(receiver_of("index[key] = 2"), "index[key]");
  EXPECT_EQ(receiver_of("r.users[1]->name = \"x\""), "r.users[1]->name");
  EXPECT_EQ(receiver_of("text += \"x\""), "text");
  EXPECT_EQ(receiver_of("a == b.c()"), "a");
  EXPECT_EQ(receiver_of("jobs"), "jobs");
}
TEST(call_receiver, is_nothing_where_it_does_not_show) {
  EXPECT_EQ(receiver_of("std::sort(a.begin(), a.end())"), "");
  EXPECT_EQ(receiver_of("*p"), "");
  EXPECT_EQ(receiver_of("(*p).size()"), "");
  EXPECT_EQ(receiver_of("new account{1}"), "");
  EXPECT_EQ(receiver_of("delete b"), "");
  EXPECT_EQ(receiver_of("std::vector<int> v(3)"), "");
  EXPECT_EQ(receiver_of("1.5f + x"), "");
  EXPECT_EQ(receiver_of(""), "");
}

TEST(touched_by_libc, is_the_buffer_that_the_call_is_about) {
  EXPECT_EQ(touched_by_libc("read(fds[0], buffer, 8)", true), "buffer");
  EXPECT_EQ(touched_by_libc("::write(fd, message.data(), message.size())", false), "message");
  EXPECT_EQ(touched_by_libc("std::fputs(name.c_str(), stdout)", false), "name");
  EXPECT_EQ(touched_by_libc("recv(s, &box->items[f(1, 2)], 8, 0)", true), "box->items[f(1, 2)]");
  EXPECT_EQ(touched_by_libc("memcpy(to, from, n)", true), "to");
  EXPECT_EQ(touched_by_libc("memcpy(to, from, n)", false), "from");
}
TEST(touched_by_libc, is_nothing_where_it_does_not_show) {
  EXPECT_EQ(touched_by_libc("read(fd, buffer + 3, 8)", true), "");
  EXPECT_EQ(touched_by_libc("read(fd, place(), 8)", true), "");
  EXPECT_EQ(touched_by_libc("read(fd, a_buffer_with_a_name_that_was_cut_at_th...", true), "");
  EXPECT_EQ(touched_by_libc("read(fd, buffer, 8)", false), "");
  EXPECT_EQ(touched_by_libc("strcmp(a, b)", false), "");
  EXPECT_EQ(touched_by_libc("reader(fd, buffer)", true), "");
  EXPECT_EQ(touched_by_libc("", true), "");
}
TEST(mentions_in_arguments, looks_behind_the_receiver_for_whole_names) {
  EXPECT_TRUE(mentions_in_arguments("jobs.insert(job)", "job"));
  EXPECT_TRUE(mentions_in_arguments("map[key]", "key"));
  EXPECT_TRUE(mentions_in_arguments("map.find(f(key.id))", "key"));
  EXPECT_TRUE(mentions_in_arguments("text = other", "other"));
  EXPECT_FALSE(mentions_in_arguments("jobs.insert(job)", "jobs"));
  EXPECT_FALSE(mentions_in_arguments("jobs.insert(box.job)", "job"));
  EXPECT_FALSE(mentions_in_arguments("jobs.insert(jobber)", "job"));
  EXPECT_FALSE(mentions_in_arguments("jobs.insert(job)", ""));
}

}  // namespace
}  // namespace snag::detector
