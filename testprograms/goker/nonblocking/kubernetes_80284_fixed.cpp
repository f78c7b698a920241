// SPDX-License-Identifier: Apache-2.0
// The function is put in under the lock.
// verdict: clean 20/20
#include <mutex>

#include <snag/snag.h>

struct authenticator {
  snag::mutex mu;
  int rotations = 0;
  void (*on_rotate)(int) = nullptr;

  void update_transport() {
    std::lock_guard hold(mu);
    ++rotations;
    on_rotate = [](int) {};
  }
};

int main() {
  authenticator a;
  snag::wait_group wg;
  for (int i = 0; i < 2; ++i) wg.go([&] { a.update_transport(); });
  wg.wait();
}
