// SPDX-License-Identifier: Apache-2.0
// A command that takes too long is killed, and its exit status read before the goroutine that waits for it
// has written it.
// shape: race
// race: exit_code
#include <chrono>

#include <snag/snag.h>

using namespace std::chrono_literals;

struct command {
  snag::chan<void> killed, over;
  int exit_code = -1;

  void wait() {
    killed.recv();
    exit_code = 137;  // <- 1
    over.close();
  }
  int run(std::chrono::milliseconds timeout) {
    if (snag::select(snag::on_recv(over), snag::on_timeout(timeout)) == 1) {
      killed.close();
    }
    return exit_code;  // <- 2
  }
};

int main() {
  command c;
  snag::wait_group wg;
  wg.go([&] { c.wait(); });
  snag::println("{}", c.run(10ms));
  wg.wait();
}
