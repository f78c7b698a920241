// SPDX-License-Identifier: Apache-2.0
// Ownership travels with the pointer: each stage touches the batch only while it has it.
// verdict: clean 20/20
#include <memory>

#include <snag/snag.h>

struct batch {
  int size = 0;
};

int main() {
  snag::chan<std::unique_ptr<batch>> to_second, to_third;
  int seen = 0;
  snag::wait_group wg;
  wg.go([&] {
    auto b = std::make_unique<batch>();
    b->size = 1;
    to_second << std::move(b);
  });
  wg.go([&] {
    auto b = to_second.recv();
    b->size += 1;
    to_third << std::move(b);
  });
  wg.go([&] { seen = to_third.recv()->size; });
  wg.wait();
  return seen != 2;
}
