// SPDX-License-Identifier: Apache-2.0
// Initialisation is ordered before every use, and uses are not ordered among themselves.
// verdict: race 20/20
// race: answer settings::answer
#include <snag/snag.h>

struct settings {
  int answer = 0;
  settings() {
    snag::chan<int> from_afar;
    snag::go([=] { from_afar << 42; });
    answer = from_afar.recv();
  }
};

settings& current() {
  static settings only;
  return only;
}

int main() {
  snag::wait_group wg;
  for (int i = 0; i < 4; ++i) wg.go([] { current().answer++; });  // <- 1 2
  wg.wait();
  return current().answer == 42;
}
