// SPDX-License-Identifier: Apache-2.0
// The first stage keeps using the batch that it has handed on.
// verdict: race 20/20
// race: size batch
#include <memory>

#include <snag/snag.h>

struct batch {
  int size = 0;
};

int main() {
  snag::chan<std::shared_ptr<batch>> to_second;
  int seen = 0;
  snag::wait_group wg;
  wg.go([&] {
    auto b = std::make_shared<batch>();
    b->size = 1;
    to_second << b;
    b->size = 2;  // <- 1
  });
  wg.go([&] {
    auto b = to_second.recv();
    seen = b->size;  // <- 2
  });
  wg.wait();
  return seen == 7;
}
