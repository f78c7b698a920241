// SPDX-License-Identifier: Apache-2.0
// A goroutine starts a thread and joins it, but says that it is done before that.
// verdict: race 20/20
// race: harvest
#include <thread>

#include <snag/snag.h>

int harvest = 0;

int main() {
  snag::wait_group picked, all;
  picked.add(1);
  all.go([&] {
    std::thread picker([] { harvest = 12; });  // <- 1
    picked.done();
    picker.join();
  });
  picked.wait();
  int seen = harvest;  // <- 2
  all.wait();
  return seen > 12;
}
