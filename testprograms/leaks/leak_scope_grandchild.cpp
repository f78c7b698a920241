// SPDX-License-Identifier: Apache-2.0
// Who is left was started by somebody who has ended since.
// verdict: leak 20/20
// shape: WaitGroup never zero
// stdout: 1 left
#include <memory>

#include <snag/snag.h>

struct job {
  snag::wait_group steps;
};

int main() {
  snag::leak_check check;
  snag::chan<void> started;
  snag::go([started] {
    auto j = std::make_shared<job>();
    j->steps.add(2);
    snag::go([j] { j->steps.wait(); });
    snag::go([j] { j->steps.done(); });  // and the second step?
    started.close();
  });
  started.next();
  snag::println("{} left", check.finish().size());
}
