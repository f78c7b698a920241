// SPDX-License-Identifier: Apache-2.0
// The merged channel is never closed: after the last result the consumer waits for one more.
// Lesson: fan-in needs somebody who waits for all the inputs and then closes the output.
// verdict: deadlock 20/20
// stdout: (result [123]\n){3}
#include <snag/snag.h>

int main() {
  snag::chan<int> merged;
  for (int id = 1; id <= 3; ++id) {
    snag::go([=] { merged << id; });
  }
  for (int result : merged) snag::println("result {}", result);
}
