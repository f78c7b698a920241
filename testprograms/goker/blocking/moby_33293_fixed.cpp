// SPDX-License-Identifier: Apache-2.0
// The channel has room for the error.
// verdict: clean 20/20
#include <snag/snag.h>

// Whether the container is there: the schedule's choice, as it would be the daemon's.
bool exists() {
  snag::chan<void> any;
  any.close();
  return snag::select(snag::on_recv(any), snag::on_recv(any)) == 0;
}

snag::recv_chan<int> container_wait() {
  snag::chan<int> errors(1);
  if (!exists()) {
    errors << 404;
    return errors;
  }
  errors.close();
  return errors;
}

int main() {
  snag::go([] { container_wait().recv(); });
  for (int i = 0; i < 100; ++i) snag::yield();  // main has other things to do
}
