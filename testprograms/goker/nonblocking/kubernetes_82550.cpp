// SPDX-License-Identifier: Apache-2.0
// The provider is made by whoever finds that there is none: ten at once may find that.
// shape: race
// race: actual_provider
#include <snag/snag.h>

struct dynamic_provider {
  int* actual_provider = nullptr;
  int made_provider = 1;

  int provide() {
    if (actual_provider == nullptr) actual_provider = &made_provider;  // <- 1 2
    return *actual_provider;
  }
};

int main() {
  dynamic_provider p;
  snag::wait_group wg;
  for (int i = 0; i < 10; ++i) wg.go([&] { snag::println("{}", p.provide()); });
  wg.wait();
}
