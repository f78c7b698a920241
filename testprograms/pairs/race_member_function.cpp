// SPDX-License-Identifier: Apache-2.0
// Two methods of one object run at once.
// verdict: race 20/20
// race: size_ stack
#include <snag/snag.h>

class stack {
 public:
  void push(int value) {
    values_[size_ % 8] = value;  // <- 1
    ++size_;                     // <- 1
  }
  int size() const { return size_; }  // <- 2

 private:
  int values_[8] = {};
  int size_ = 0;
};

int main() {
  stack s;
  snag::wait_group wg;
  wg.go([&] { s.push(4); });
  int seen = s.size();
  wg.wait();
  return seen == 7;
}
