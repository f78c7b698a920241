// SPDX-License-Identifier: Apache-2.0
// A pointer is sent, and the sender goes on using what it points to.
// Lesson: sending a pointer hands over what it points to; keep nothing.
// verdict: race 20/20
// race: total order
#include <memory>

#include <snag/snag.h>

struct order {
  int total = 0;
};

int main() {
  snag::chan<std::shared_ptr<order>> orders(1);
  snag::wait_group wg;
  wg.go([=] {
    auto o = orders.recv();
    o->total += 5;  // <- 1
  });
  auto mine = std::make_shared<order>();
  orders << mine;
  mine->total += 1;  // <- 2
  wg.wait();
  snag::println("total {}", mine->total);
}
