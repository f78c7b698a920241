// SPDX-License-Identifier: Apache-2.0
// Somebody waits for the goroutine that panics. The program is over, and nobody has leaked: nothing else is
// said.
// verdict: panic 20/20 "no such file"
#include <stdexcept>

#include <snag/snag.h>

int main() {
  snag::wait_group wg;
  const snag::chan<void> begin;
  wg.add(1);
  snag::go([=]() mutable {
    begin.recv();
    throw std::runtime_error("no such file");
    wg.done();
  });
  begin.send();
  wg.wait();
}
