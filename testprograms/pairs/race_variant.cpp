// SPDX-License-Identifier: Apache-2.0
// Changing the alternative while somebody asks which one is held.
// verdict: race 20/20
// race: state
#include <variant>

#include <snag/snag.h>

int main() {
  std::variant<int, double> state = 1;
  snag::wait_group wg;
  wg.go([&] { state = 2.5; });       // <- 1
  std::size_t held = state.index();  // <- 2
  wg.wait();
  return held == 7;
}
