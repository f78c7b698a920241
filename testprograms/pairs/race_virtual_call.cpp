// SPDX-License-Identifier: Apache-2.0
// The destructor sets the vtable pointer back while another goroutine makes a virtual call.
// verdict: race 20/20
// race: place
#include <new>

#include <snag/snag.h>

int destroyed = 0;

struct shape {
  virtual ~shape() { ++destroyed; }  // <- 2
  virtual int corners() const { return 0; }
};
struct square : shape {
  ~square() override { ++destroyed; }  // <- 2
  int corners() const override { return 4; }
};

int corners_of(const shape& s) { return s.corners(); }  // <- 1

alignas(square) std::byte place[sizeof(square)];

int main() {
  shape* s = new (place) square;
  int seen = 0;
  snag::wait_group wg;
  wg.go([&] { seen = corners_of(*s); });
  s->~shape();
  wg.wait();
  return seen == 7 || destroyed != 2;
}
