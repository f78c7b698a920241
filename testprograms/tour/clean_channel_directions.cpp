// SPDX-License-Identifier: Apache-2.0
// A function that can only send and one that can only receive.
// Lesson: chan<T> converts to send_chan<T> and recv_chan<T>; the compiler then refuses the other direction.
// verdict: clean 20/20
// stdout: ^Received: 42\n$
#include <type_traits>

#include <snag/snag.h>

void send(snag::send_chan<int> out, int value) { out << value; }

void receive(snag::recv_chan<int> in) {
  int value = in.recv();
  snag::println("Received: {}", value);
}

static_assert(std::is_convertible_v<snag::chan<int>, snag::send_chan<int>>);
static_assert(!std::is_convertible_v<snag::send_chan<int>, snag::chan<int>>);
static_assert(!std::is_convertible_v<snag::send_chan<int>, snag::recv_chan<int>>);

int main() {
  snag::chan<int> c;
  snag::go([=] { send(c, 42); });
  receive(c);
}
