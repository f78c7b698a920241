// SPDX-License-Identifier: Apache-2.0
// A hit counter is increased under the shared lock.
// Lesson: several goroutines hold the shared lock at once; whatever they write there, they race on.
// verdict: race 20/20
// race: hits
#include <map>
#include <shared_mutex>

#include <snag/snag.h>

int main() {
  snag::shared_mutex mu;
  const std::map<int, int> data = {{1, 10}};
  int hits = 0;
  snag::wait_group wg;
  for (int id = 0; id < 3; ++id) {
    wg.go([&] {
      std::shared_lock hold(mu);
      if (data.contains(1)) ++hits;  // <- 1 2
    });
  }
  wg.wait();
  snag::println("{} hits", hits);
}
