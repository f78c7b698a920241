// SPDX-License-Identifier: Apache-2.0
// The methods lock the object's own mutex.
// verdict: clean 20/20
#include <mutex>

#include <snag/snag.h>

class stack {
 public:
  void push(int value) {
    std::lock_guard hold(mutex_);
    values_[size_ % 8] = value;
    ++size_;
  }
  int size() {
    std::lock_guard hold(mutex_);
    return size_;
  }

 private:
  snag::mutex mutex_;
  int values_[8] = {};
  int size_ = 0;
};

int main() {
  stack s;
  snag::wait_group wg;
  wg.go([&] { s.push(4); });
  int seen = s.size();
  wg.wait();
  return seen > 1 || s.size() != 1;
}
