// SPDX-License-Identifier: Apache-2.0
// Waiting for a container fails, and the error is sent on a channel that its reader is yet to be given.
// shape: orphan
// dead: container_wait
#include <snag/snag.h>

// Whether the container is there: the schedule's choice, as it would be the daemon's.
bool exists() {
  snag::chan<void> any;
  any.close();
  return snag::select(snag::on_recv(any), snag::on_recv(any)) == 0;
}

snag::recv_chan<int> container_wait() {
  snag::chan<int> errors;
  if (!exists()) {
    errors << 404;  // <- dead 1
    return errors;
  }
  errors.close();
  return errors;
}

int main() {
  snag::go([] { container_wait().recv(); });
  for (int i = 0; i < 100; ++i) snag::yield();  // main has other things to do
}
