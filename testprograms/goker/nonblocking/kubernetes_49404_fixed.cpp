// SPDX-License-Identifier: Apache-2.0
// The test waits for the handler.
// verdict: clean 20/20
#include <snag/snag.h>

int main() {
  bool called = false;
  snag::chan<int> requests, responses(1);
  snag::wait_group server;
  server.go([&] {
    for (int request : requests) {
      responses << request;
      called = true;
    }
  });
  requests << 1;
  responses.recv();
  requests.close();
  server.wait();
  if (!called) snag::println("never called");
}
