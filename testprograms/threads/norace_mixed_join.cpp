// SPDX-License-Identifier: Apache-2.0
// A goroutine starts a thread, joins it, and says that it is done.
// verdict: clean 20/20
#include <thread>

#include <snag/snag.h>

int harvest = 0;

int main() {
  snag::wait_group picked, all;
  picked.add(1);
  all.go([&] {
    std::thread picker([] { harvest = 12; });
    picker.join();
    picked.done();
  });
  picked.wait();
  int seen = harvest;
  all.wait();
  return seen != 12;
}
