// SPDX-License-Identifier: Apache-2.0
// The answer takes longer than the patience: the timeout case runs. The channel is buffered, so nobody is
// left behind. Lesson: a timeout is an ordinary case, on the runtime's clock.
// verdict: clean 20/20
// stdout: ^timeout\n$
#include <chrono>

#include <snag/snag.h>

using namespace std::chrono_literals;

int main() {
  snag::chan<int> answer(1);
  snag::go([=] {
    snag::sleep_for(1s);
    answer << 42;
  });
  snag::select(snag::on_recv(answer, [](int v) { snag::println("answer {}", v); }),
               snag::on_timeout(10ms, [] { snag::println("timeout"); }));
}
