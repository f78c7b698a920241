// SPDX-License-Identifier: Apache-2.0
// main returns at the first error; the other failing workers wait for ever to deliver theirs.
// Lesson: give the error channel room for every worker, or keep receiving.
// verdict: leak 9+/20
#include <string>

#include <snag/snag.h>

int main() {
  snag::chan<std::string> errors;
  for (int id = 1; id <= 3; ++id) {
    snag::go([=] { errors << "worker " + std::to_string(id) + " failed"; });
  }
  snag::println("giving up: {}", errors.recv());
  snag::yield();
}
