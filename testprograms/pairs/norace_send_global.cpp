// SPDX-License-Identifier: Apache-2.0
// The writer changes it after the receive from an unbuffered channel: the read for the send came before.
// verdict: clean 20/20
#include <snag/snag.h>

int reading = 0;

int main() {
  snag::chan<int> c;
  snag::wait_group wg;
  wg.go([=] {
    c.recv();
    reading = 1;
  });
  c << reading;
  wg.wait();
  return reading != 1;
}
