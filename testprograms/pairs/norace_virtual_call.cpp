// SPDX-License-Identifier: Apache-2.0
// Virtual calls from many goroutines read the vtable pointer that the constructor wrote before they started.
// verdict: clean 20/20
#include <memory>

#include <snag/snag.h>

struct shape {
  virtual ~shape() = default;
  virtual int corners() const { return 0; }
};
struct square : shape {
  int corners() const override { return 4; }
};

int main() {
  std::unique_ptr<shape> s = std::make_unique<square>();
  int seen[3] = {};
  snag::wait_group wg;
  for (int i = 0; i < 3; ++i) wg.go([&, i] { seen[i] = s->corners(); });
  wg.wait();
  s.reset();
  return seen[0] + seen[1] + seen[2] != 12;
}
