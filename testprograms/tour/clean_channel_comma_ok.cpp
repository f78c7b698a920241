// SPDX-License-Identifier: Apache-2.0
// Telling a zero that was sent from the zero of a closed channel.
// Lesson: recv() gives T{} once the channel is closed and drained; next() and recv(v) say which it was.
// verdict: clean 20/20
// stdout: ^0 true\n7 true\n0 false\nnext: nothing\nrecv: 0\n$
#include <optional>

#include <snag/snag.h>

int main() {
  snag::chan<int> c(2);
  c << 0;
  c << 7;
  c.close();
  for (int i = 0; i < 3; ++i) {
    int v = -1;
    bool ok = c.recv(v);
    snag::println("{} {}", v, ok);
  }
  std::optional<int> none = c.next();
  snag::println("next: {}", none ? "something" : "nothing");
  snag::println("recv: {}", c.recv());
}
