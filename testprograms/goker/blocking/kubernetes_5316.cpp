// SPDX-License-Identifier: Apache-2.0
// A request ran into its timeout; its handler goes on to deliver the failure to nobody.
// shape: orphan
// dead: the handler
#include <chrono>

#include <snag/snag.h>

using namespace std::chrono_literals;

int finish_request(snag::chan<void> slow) {
  snag::chan<int> results, errors;
  snag::go([=] {
    slow.recv();
    const bool failed = true;
    if (failed) {
      errors << 500;  // <- dead 1
    } else {
      results << 200;
    }
  });
  int status = 504;
  snag::select(snag::on_recv(results, [&](int s) { status = s; }),
               snag::on_recv(errors, [&](int s) { status = s; }), snag::on_timeout(10ms));
  slow.close();
  return status;
}

int main() {
  snag::println("{}", finish_request(snag::chan<void>()));
  for (int i = 0; i < 100; ++i) snag::yield();  // main has other things to do
}
