// SPDX-License-Identifier: Apache-2.0
// Counted in before it is given its job, the worker cannot be done too early.
// verdict: clean 20/20
#include <snag/snag.h>

int main() {
  snag::chan<void> job(1), over;
  snag::wait_group wg;
  snag::go([=] {
    job.recv();
    wg.done();
    over.close();
  });
  wg.add(1);
  job.send();
  wg.wait();
  over.recv();
}
