// SPDX-License-Identifier: Apache-2.0
// The goroutine is waited for in both cases.
// verdict: clean 20/20
#include <chrono>

#include <snag/snag.h>

using namespace std::chrono_literals;

struct command {
  snag::chan<void> killed, over;
  int exit_code = -1;

  void wait() {
    killed.recv();
    exit_code = 137;
    over.close();
  }
  int run(std::chrono::milliseconds timeout) {
    if (snag::select(snag::on_recv(over), snag::on_timeout(timeout)) == 1) {
      killed.close();
      over.recv();
    }
    return exit_code;
  }
};

int main() {
  command c;
  snag::wait_group wg;
  wg.go([&] { c.wait(); });
  snag::println("{}", c.run(10ms));
  wg.wait();
}
