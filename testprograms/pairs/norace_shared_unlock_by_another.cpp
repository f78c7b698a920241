// SPDX-License-Identifier: Apache-2.0
// Ours may be given back by another goroutine, as in Go.
// verdict: clean 20/20
#include <snag/snag.h>

int main() {
  snag::shared_mutex guard;
  snag::wait_group wg;
  guard.lock_shared();
  wg.go([&] { guard.unlock_shared(); });
  wg.wait();
}
