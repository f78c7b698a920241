// SPDX-License-Identifier: Apache-2.0
// The change comes first, through a channel.
// verdict: clean 20/20
#include <variant>

#include <snag/snag.h>

int main() {
  std::variant<int, double> state = 1;
  snag::chan<void> changed;
  snag::wait_group wg;
  wg.go([&] {
    state = 2.5;
    changed.send();
  });
  changed.recv();
  std::size_t held = state.index();
  wg.wait();
  return held != 1;
}
