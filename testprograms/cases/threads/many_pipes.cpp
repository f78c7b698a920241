// SPDX-License-Identifier: Apache-2.0
// What orders through a pipe outlives any number of other pipes that come and go in between.
#include <unistd.h>

#include <thread>

#include "../case.h"

namespace {

struct one_pipe {
  int ends[2] = {-1, -1};
  one_pipe() {
    if (pipe(ends) != 0) std::abort();
  }
  ~one_pipe() {
    close(ends[0]);
    close(ends[1]);
  }
  void send() const {
    if (write(ends[1], "x", 1) != 1) std::abort();
  }
  void receive() const {
    char c = 0;
    if (read(ends[0], &c, 1) != 1) std::abort();
  }
};

void use_many_others() {
  for (int i = 0; i < 80'000; ++i) one_pipe().send();
}

}  // namespace

NO_RACE(written_before_the_pipe) {
  int value = 0;
  const one_pipe first;
  std::thread writer([&] {
    value = 1;
    first.send();
  });
  use_many_others();
  first.receive();
  if (value != 1) std::abort();
  writer.join();
}

RACE(written_after_the_pipe) {
  int value = 0;
  const one_pipe first;
  std::thread writer([&] {
    first.send();
    value = 1;  // <- 1
  });
  use_many_others();
  first.receive();
  if (value > 1) std::abort();  // <- 2
  writer.join();
}
