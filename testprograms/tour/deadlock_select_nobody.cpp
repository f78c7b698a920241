// SPDX-License-Identifier: Apache-2.0
// A select on two channels that nobody else knows.
// Lesson: a select without a default waits like any operation, and can wait for ever.
// verdict: deadlock 20/20
#include <snag/snag.h>

int main() {
  snag::chan<int> a, b;
  snag::select(snag::on_recv(a, [](int) {}), snag::on_send(b, 1, [] {}));
}
