// SPDX-License-Identifier: Apache-2.0
// With one unit a semaphore is a lock: a release happens before the next acquire.
// verdict: clean 20/20
#include <snag/snag.h>

#include <string>

int main() {
  std::string text;
  snag::semaphore one(1);
  snag::wait_group wg;
  for (int i = 0; i < 4; ++i) {
    wg.go([&, i] {
      if (i % 2 == 0) {
        one.acquire();
      } else if (one.acquire(snag::context::background())) {
        return;
      }
      text += "abcd"[i];
      one.release();
    });
  }
  one.acquire();
  text += 'e';
  one.release();
  wg.wait();
  return text.size() != 5;
}
