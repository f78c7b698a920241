// SPDX-License-Identifier: Apache-2.0
// A handler notes that it was called; the test looks at the note without waiting for the handler.
// shape: race
// race: called
#include <snag/snag.h>

int main() {
  bool called = false;
  snag::chan<int> requests, responses(1);
  snag::wait_group server;
  server.go([&] {
    for (int request : requests) {
      responses << request;
      called = true;  // <- 1
    }
  });
  requests << 1;
  responses.recv();
  if (!called) snag::println("never called");  // <- 2
  requests.close();
  server.wait();
}
