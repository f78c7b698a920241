// SPDX-License-Identifier: Apache-2.0
// Two goroutines, each receiving first what the other would send afterwards.
// Lesson: a cycle of waiting; nobody can go first.
// verdict: deadlock 20/20
#include <snag/snag.h>

int main() {
  snag::chan<int> ping, pong;
  snag::wait_group wg;
  wg.go([=] {
    int v = ping.recv();
    pong << v + 1;
  });
  wg.go([=] {
    int v = pong.recv();
    ping << v + 1;
  });
  wg.wait();
}
