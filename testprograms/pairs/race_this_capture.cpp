// SPDX-License-Identifier: Apache-2.0
// Capturing this captures the object by reference.
// verdict: race 20/20
// race: count_ counter
#include <snag/snag.h>

class counter {
 public:
  void start(snag::wait_group wg) {
    wg.go([this] { ++count_; });  // <- 1
  }
  int count() const { return count_; }  // <- 2

 private:
  int count_ = 0;
};

int main() {
  counter c;
  snag::wait_group wg;
  c.start(wg);
  int seen = c.count();
  wg.wait();
  return seen == 7;
}
