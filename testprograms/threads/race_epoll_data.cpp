// SPDX-License-Identifier: Apache-2.0
// epoll hands out a pointer with each event; the job behind it is completed after the event was sent.
// verdict: race 20/20
// race: requests job
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <cstdlib>
#include <thread>

struct job {
  int descriptor = 0, requests = 0;
};

int main() {
  const int poller = epoll_create1(0);
  job j{eventfd(0, 0), 0};
  epoll_event interest{};
  interest.events = EPOLLIN;
  interest.data.ptr = &j;
  if (epoll_ctl(poller, EPOLL_CTL_ADD, j.descriptor, &interest) != 0) std::abort();
  std::thread client([&] {
    if (eventfd_write(j.descriptor, 1) != 0) std::abort();
    j.requests = 3;  // <- 1
  });
  epoll_event happened{};
  while (epoll_wait(poller, &happened, 1, -1) != 1) {
  }
  job* done = static_cast<job*>(happened.data.ptr);
  eventfd_t count;
  if (eventfd_read(done->descriptor, &count) != 0) std::abort();
  int seen = done->requests;  // <- 2
  client.join();
  close(poller);
  close(j.descriptor);
  return seen > 3;
}
