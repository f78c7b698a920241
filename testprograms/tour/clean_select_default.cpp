// SPDX-License-Identifier: Apache-2.0
// A select with a default never waits: it tries, and goes on.
// Lesson: default makes a receive or a send non-blocking.
// verdict: clean 20/20
// stdout: ^No messages received\nReceived from channel1: hello\nsent\nfull\n$
#include <string>

#include <snag/snag.h>

int main() {
  snag::chan<std::string> channel1(1), channel2;
  auto poll = [&] {
    snag::select(
        snag::on_recv(channel1, [](const std::string& m) { snag::println("Received from channel1: {}", m); }),
        snag::on_recv(channel2, [](const std::string& m) { snag::println("Received from channel2: {}", m); }),
        snag::on_default([] { snag::println("No messages received"); }));
  };
  poll();
  channel1 << "hello";
  poll();
  auto offer = [&] {
    snag::select(snag::on_send(channel1, "again", [] { snag::println("sent"); }),
                 snag::on_default([] { snag::println("full"); }));
  };
  offer();
  offer();
}
