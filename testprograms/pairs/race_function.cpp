// SPDX-License-Identifier: Apache-2.0
// The callback is replaced while it is being called.
// verdict: race 20/20
// race: on_event
#include <functional>

#include <snag/snag.h>

int main() {
  int calls = 0;
  std::function<void()> on_event = [] {};
  snag::wait_group wg;
  wg.go([&] { on_event = [&] { calls = 1; }; });  // <- 1
  bool set = static_cast<bool>(on_event);         // <- 2
  wg.wait();
  return set && calls == 7;
}
