// SPDX-License-Identifier: Apache-2.0
// Two channels, whichever is ready first, with a timeout for both.
// Lesson: select waits for the first of several operations; the timeout is one case more.
// verdict: clean 20/20
// stdout: ^Received from ch1: one\nReceived from ch2: two\n$
#include <chrono>
#include <string>

#include <snag/snag.h>

using namespace std::chrono_literals;

int main() {
  snag::chan<std::string> ch1, ch2;
  snag::go([=] {
    snag::sleep_for(20ms);
    ch1 << "one";
  });
  snag::go([=] {
    snag::sleep_for(60ms);
    ch2 << "two";
  });
  for (int i = 0; i < 2; ++i) {
    bool late = false;
    snag::select(snag::on_recv(ch1, [](const std::string& m) { snag::println("Received from ch1: {}", m); }),
                 snag::on_recv(ch2, [](const std::string& m) { snag::println("Received from ch2: {}", m); }),
                 snag::on_timeout(10s, [&] {
                   snag::println("Timeout!");
                   late = true;
                 }));
    if (late) return 1;
  }
}
