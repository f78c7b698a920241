// SPDX-License-Identifier: Apache-2.0
// Capturing *this copies the object.
// verdict: clean 20/20
#include <snag/snag.h>

class counter {
 public:
  void start(snag::wait_group wg) {
    wg.go([*this]() mutable { ++count_; });
  }
  int count() const { return count_; }

 private:
  int count_ = 0;
};

int main() {
  counter c;
  snag::wait_group wg;
  c.start(wg);
  int seen = c.count();
  wg.wait();
  return seen != 0;
}
