// SPDX-License-Identifier: Apache-2.0
// A POSIX message queue: what was done before a message was sent happens before it is received.
// verdict: clean 20/20
#include <fcntl.h>
#include <mqueue.h>
#include <unistd.h>

#include <cstdlib>
#include <string>
#include <thread>

int attachment = 0;

int main() {
  const std::string name = "/threads-" + std::to_string(getpid());
  mq_attr limits{};
  limits.mq_maxmsg = 2;
  limits.mq_msgsize = 8;
  const mqd_t queue = mq_open(name.c_str(), O_CREAT | O_EXCL | O_RDWR, 0600, &limits);
  if (queue < 0) std::abort();
  mq_unlink(name.c_str());
  std::thread sender([&] {
    attachment = 1;
    if (mq_send(queue, "mail", 4, 0) != 0) std::abort();
  });
  char text[8];
  if (mq_receive(queue, text, sizeof text, nullptr) != 4) std::abort();
  int seen = attachment;
  sender.join();
  mq_close(queue);
  return seen != 1;
}
