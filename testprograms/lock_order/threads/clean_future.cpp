// SPDX-License-Identifier: Apache-2.0
// The second order begins when a future has its value.
// verdict: clean 20/20
#include <future>

#include "../beside.h"

mutex a, b;

int main() {
  std::promise<int> over;
  beside all;
  all.go([&] {
    {
      const guard first(a);
      const guard second(b);
    }
    over.set_value(1);
  });
  all.go([&] {
    over.get_future().get();
    const guard first(b);
    const guard second(a);
  });
  all.wait();
}
