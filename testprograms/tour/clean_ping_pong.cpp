// SPDX-License-Identifier: Apache-2.0
// The cured twin: one of the two sends first.
// Lesson: fix the order in which the partners speak.
// verdict: clean 20/20
// stdout: ^got 2\n$
#include <snag/snag.h>

int main() {
  snag::chan<int> ping, pong;
  snag::go([=] {
    int v = ping.recv();
    pong << v + 1;
  });
  ping << 1;
  snag::println("got {}", pong.recv());
}
