// SPDX-License-Identifier: Apache-2.0
// A constructor starts the object's thread last, when all members are set.
// verdict: clean 20/20
#include <thread>

class sensor {
 public:
  sensor() {
    period_ = 5;
    thread_ = std::thread([this] { last_ = 100 / period_; });
  }
  int wait() {
    thread_.join();
    return last_;
  }

 private:
  int period_ = 1, last_ = 0;
  std::thread thread_;
};

int main() {
  sensor s;
  return s.wait() != 20;
}
