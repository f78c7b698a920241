// SPDX-License-Identifier: Apache-2.0
// It is made once.
// verdict: clean 20/20
#include <snag/snag.h>

struct dynamic_provider {
  snag::once made;
  int* actual_provider = nullptr;
  int made_provider = 1;

  int provide() {
    made.call([&] { actual_provider = &made_provider; });
    return *actual_provider;
  }
};

int main() {
  dynamic_provider p;
  snag::wait_group wg;
  for (int i = 0; i < 10; ++i) wg.go([&] { snag::println("{}", p.provide()); });
  wg.wait();
}
