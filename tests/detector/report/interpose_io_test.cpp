// SPDX-License-Identifier: Apache-2.0
// What the core is told when a program reads and writes descriptors and streams.
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>

#include "detector/src/descriptors.h"
#include "detector/src/interpose_io.h"
#include "tests/detector/report/interposed.h"

namespace snag::detector {
namespace {

TEST(interposed_io, the_kernel_reads_and_writes_the_buffer) {
  EXPECT_EQ(seen([] {
              int ends[2];
              if (pipe(ends) != 0) _exit(9);
              char buffer[16] = "hello";
              if (write(ends[1], buffer, 5) != 5) _exit(8);
              if (read(ends[0], buffer + 8, 8) != 5) _exit(7);
              print(buffer, sizeof buffer);
            }),
            "read 0+5, write 8+5");
}
TEST(interposed_io, pieces_are_checked_as_far_as_they_were_filled) {
  EXPECT_EQ(seen([] {
              int ends[2];
              if (pipe(ends) != 0) _exit(9);
              char buffer[16] = "hello";
              const iovec out[] = {{buffer, 2}, {buffer + 2, 3}}, in[] = {{buffer + 8, 4}, {buffer + 12, 4}};
              if (writev(ends[1], out, 2) != 5) _exit(8);
              if (readv(ends[0], in, 2) != 5) _exit(7);
              print(buffer, sizeof buffer);
            }),
            "read 0+2, read 2+3, write 8+4, write 12+1");
}
// How often the body sends and receives through what its descriptor leads to, or the end of it.
std::string passed_on(const std::function<int()>& body, bool end = false) {
  return seen([&] {
    const int fd = body();
    fake::world& w = fake::the_world();
    w.recording = false;
    const kernel_channel c = end ? end_of(destination_of(fd)) : destination_of(fd);
    printf("%td sent, %td received", std::ranges::count(w.sent, c), std::ranges::count(w.received, c));
  });
}
TEST(interposed_io, what_may_reach_the_other_side_is_told_before_it_can) {
  EXPECT_EQ(passed_on([] {
              int ends[2];
              if (pipe2(ends, O_NONBLOCK) != 0) _exit(9);
              char c = 'x';
              if (read(ends[0], &c, 1) != -1 || write(ends[1], &c, 1) != 1 || read(ends[0], &c, 1) != 1)
                _exit(8);
              close(dup(ends[1]));
              return ends[1];
            }),
            "1 sent, 1 received");
}
TEST(interposed_io, that_an_end_is_closed_is_known_to_who_meets_the_end) {
  const auto closes_one = [](bool to_the_end) {
    int ends[2];
    if (pipe(ends) != 0) _exit(9);
    const int kept = dup(ends[0]);
    char c = 'x';
    if (write(ends[1], &c, 1) != 1) _exit(8);
    close(ends[1]);
    if (read(ends[0], &c, 1) != 1 || (to_the_end && read(ends[0], &c, 1) != 0)) _exit(7);
    return kept;
  };
  EXPECT_EQ(passed_on([&] { return closes_one(false); }, true), "1 sent, 0 received");
  EXPECT_EQ(passed_on([&] { return closes_one(true); }, true), "1 sent, 1 received");
  EXPECT_EQ(passed_on([&] { return closes_one(true); }), "1 sent, 2 received");
}
TEST(interposed_io, streams_tell_where_their_buffers_meet_the_descriptor) {
  EXPECT_EQ(passed_on([] {
              int ends[2];
              if (pipe(ends) != 0) _exit(9);
              FILE *in = fdopen(ends[0], "r"), *out = fdopen(ends[1], "w");
              setvbuf(out, nullptr, _IOFBF, 64);
              fputs("some", out);
              fwrite(" text\n", 1, 6, out);
              fflush(out);
              char line[16];
              if (getc(in) != 's' || getc(in) != 'o' || !fgets(line, 16, in)) _exit(8);
              return ends[1];
            }),
            "1 sent, 2 received");
}
TEST(interposed_io, epoll_ctl_comes_before_the_wait_that_answers) {
  EXPECT_EQ(passed_on([] {
              const int epoll = epoll_create1(0), event = eventfd(1, 0);
              epoll_event e{EPOLLIN, {}};
              if (epoll_ctl(epoll, EPOLL_CTL_ADD, event, &e) != 0) _exit(9);
              if (epoll_wait(epoll, &e, 1, -1) != 1) _exit(8);
              return epoll;
            }),
            "1 sent, 1 received");
}
TEST(interposed_io, nothing_is_checked_below_a_call_into_the_runtime) {
  EXPECT_EQ(seen(
                [] {
                  char buffer[16] = "hello";
                  if (write(memfd_create("m", 0), buffer, 5) != 5) _exit(8);
                  if (strlen(opaque(buffer)) != 5) _exit(7);
                  print(buffer, sizeof buffer);
                },
                hooks::site_calls_runtime),
            "");
}

}  // namespace
}  // namespace snag::detector
