// SPDX-License-Identifier: Apache-2.0
// An object is made anew in its place: its vtable pointer is the same, so that is no write. What follows is
// one.
// verdict: race 20/20
// race: place word
#include <cstring>
#include <new>

#include <snag/snag.h>

struct shape {
  virtual int corners() const { return 4; }
};
alignas(shape) std::byte place[sizeof(shape)];

[[gnu::noinline]] void renew(long word) {
  void* const again = new (place) shape;
  (void)*static_cast<volatile unsigned char*>(again);
  *static_cast<volatile long*>(again) = word;  // <- 1
}

int main() {
  void* const first = new (place) shape;
  long word = 0;
  std::memcpy(&word, first, sizeof word);
  snag::wait_group wg;
  long seen = 0;
  wg.go([&] {
    seen = *reinterpret_cast<volatile long*>(place);  // <- 2
  });
  renew(word);
  wg.wait();
  return seen == 7;
}
