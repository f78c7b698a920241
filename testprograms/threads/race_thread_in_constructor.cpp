// SPDX-License-Identifier: Apache-2.0
// A constructor starts the object's thread, and sets a member that the thread uses afterwards.
// verdict: race 20/20
// race: period_
#include <thread>

class sensor {
 public:
  sensor() {
    thread_ = std::thread([this] { last_ = 100 / period_; });  // <- 1
    period_ = 5;                                               // <- 2
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
  return s.wait() == 7;
}
