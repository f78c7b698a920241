// SPDX-License-Identifier: Apache-2.0
// The appends are serialised by a mutex, growth included.
// verdict: clean 20/20
#include <mutex>
#include <vector>

#include <snag/snag.h>

int main() {
  std::vector<int> found;
  snag::mutex m;
  snag::wait_group wg;
  for (int i = 0; i < 8; ++i) {
    wg.go([&, i] {
      std::lock_guard hold(m);
      found.push_back(i);
    });
  }
  wg.wait();
  return found.size() != 8;
}
