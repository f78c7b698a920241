// SPDX-License-Identifier: Apache-2.0
// The timeout only bounds the wait; the receive orders.
// verdict: clean 20/20
#include <chrono>

#include <snag/snag.h>

using namespace std::chrono_literals;

int main() {
  int answer = 0, seen = 0;
  snag::chan<int> ready;
  snag::wait_group wg;
  wg.go([&] {
    answer = 42;
    ready << 1;
  });
  snag::select(snag::on_recv(ready, [&](int) { seen = answer; }), snag::on_timeout(100s, [&] { seen = -1; }));
  wg.wait();
  return seen != 42;
}
