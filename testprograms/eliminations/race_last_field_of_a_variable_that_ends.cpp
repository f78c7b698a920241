// SPDX-License-Identifier: Apache-2.0
// The end of a variable is a write of its bytes but for what pads it. The last field is no padding.
// verdict: race 20/20
// race: r.now.done
#include <snag/snag.h>

snag::wait_group wg;
int seen = 0;

struct state {
  bool urgent = false, done = false;
};
struct request {
  explicit request(long n) : id(n) {}
  long id;
  state now;
};
static_assert(sizeof(request) == 16);

[[gnu::noinline]] void start() {
  request r(1);
  wg.go([&] {
    seen = r.now.done;  // <- 2
  });
}  // <- 1

int main() {
  start();
  wg.wait();
  return seen == 7;
}
