// SPDX-License-Identifier: Apache-2.0
// Both ends of a channel lead to the same place, and different channels to different ones.
#include "detector/src/descriptors.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>

#include "detector/src/raw_io.h"

namespace snag::detector {
namespace {

bool leads(int from, int to) {
  const kernel_channel c = destination_of(from);
  const channel_sources s = sources_of(to);
  return c != kernel_channel{} && (c == s.first || c == s.second);
}

struct two {
  int a = -1, b = -1;
  ~two() {
    close(a);
    close(b);
  }
};

TEST(descriptors, a_pipes_ends_meet) {
  int one[2], other[2];
  ASSERT_EQ(pipe(one) + pipe(other), 0);
  EXPECT_TRUE(leads(one[1], one[0]));
  EXPECT_FALSE(leads(one[1], other[0]));
  for (const int fd : {one[0], one[1], other[0], other[1]}) close(fd);
}

TEST(descriptors, files_are_told_by_inode) {
  const two files{memfd_create("a", 0), memfd_create("b", 0)};
  const int again = dup(files.a);
  EXPECT_TRUE(leads(files.a, again));
  EXPECT_FALSE(leads(files.a, files.b));
  close(again);
}

TEST(descriptors, event_descriptors_are_told_by_number_and_duplicates_followed) {
  const two events{eventfd(0, 0), eventfd(0, 0)};
  EXPECT_TRUE(leads(events.a, events.a));
  EXPECT_FALSE(leads(events.a, events.b));
  const int once = dup(events.a), twice = dup(once);
  EXPECT_TRUE(leads(twice, events.a));
  EXPECT_FALSE(leads(twice, events.b));
  close(once);
  close(twice);
}

TEST(descriptors, a_pair_of_sockets_meets_in_either_direction) {
  for (const int type : {SOCK_STREAM, SOCK_DGRAM, SOCK_SEQPACKET}) {
    int one[2], other[2];
    ASSERT_EQ(socketpair(AF_UNIX, type, 0, one) + socketpair(AF_UNIX, type, 0, other), 0);
    EXPECT_TRUE(leads(one[0], one[1]));
    EXPECT_TRUE(leads(one[1], one[0]));
    EXPECT_FALSE(leads(one[0], one[0])) << "what is sent does not come back";
    EXPECT_FALSE(leads(one[0], other[1]));
    for (const int fd : {one[0], one[1], other[0], other[1]}) close(fd);
  }
}

TEST(descriptors, a_pair_that_nobody_noted_still_meets) {
  int ends[2];
  ASSERT_EQ(syscall(SYS_socketpair, AF_UNIX, SOCK_STREAM, 0, ends), 0);
  EXPECT_TRUE(leads(ends[0], ends[1]));
  close(ends[0]);
  close(ends[1]);
}

struct bound {
  sockaddr_storage address{};
  socklen_t size = 0;
  sockaddr* name() { return reinterpret_cast<sockaddr*>(&address); }
};
bound any_port(int fd, int family) {
  bound b;
  b.address.ss_family = static_cast<sa_family_t>(family);
  b.size = family == AF_INET ? sizeof(sockaddr_in) : sizeof(sockaddr_in6);
  EXPECT_EQ(bind(fd, b.name(), b.size), 0);
  getsockname(fd, b.name(), &b.size);
  return b;
}

void expect_connected(int listening, bound to, int family) {
  ASSERT_EQ(listen(listening, 2), 0);
  EXPECT_EQ(connection_to(to.name(), to.size), connections_of(listening));
  const two clients{socket(family, SOCK_STREAM, 0), socket(family, SOCK_STREAM, 0)};
  ASSERT_EQ(connect(clients.a, to.name(), to.size), 0);
  const int server = accept(listening, nullptr, nullptr);
  EXPECT_TRUE(leads(clients.a, server));
  EXPECT_TRUE(leads(server, clients.a));
  EXPECT_FALSE(leads(clients.b, server));
  EXPECT_FALSE(leads(clients.a, clients.a));
  close(server);
}

TEST(descriptors, the_ends_of_a_connection_meet) {
  const two listening{socket(AF_INET, SOCK_STREAM, 0), socket(AF_UNIX, SOCK_STREAM, 0)};
  expect_connected(listening.a, any_port(listening.a, AF_INET), AF_INET);
  sockaddr_un path{};
  path.sun_family = AF_UNIX;
  const std::string text = "/tmp/snag-test-" + std::to_string(getpid());
  strcpy(path.sun_path, text.c_str());
  bound b;
  std::memcpy(&b.address, &path, sizeof path);
  b.size = sizeof path;
  ASSERT_EQ(bind(listening.b, b.name(), b.size), 0);
  expect_connected(listening.b, b, AF_UNIX);
  unlink(text.c_str());
}

TEST(descriptors, datagrams_go_to_whom_they_are_addressed) {
  const two sockets{socket(AF_INET, SOCK_DGRAM, 0), socket(AF_INET, SOCK_DGRAM, 0)};
  bound to = any_port(sockets.a, AF_INET);
  EXPECT_EQ(destination_of(sockets.b, to.name(), to.size), sources_of(sockets.a).first);
  ASSERT_EQ(connect(sockets.b, to.name(), to.size), 0);
  EXPECT_TRUE(leads(sockets.b, sockets.a));
}

TEST(descriptors, devices_and_closed_descriptors_lead_nowhere) {
  const int null = open("/dev/null", O_RDWR);
  EXPECT_EQ(destination_of(null), kernel_channel{});
  close(null);
  errno = 5;
  EXPECT_EQ(destination_of(null), kernel_channel{});
  EXPECT_EQ(sources_of(-1).first, kernel_channel{});
  EXPECT_EQ(errno, 5);
}

}  // namespace
}  // namespace snag::detector
