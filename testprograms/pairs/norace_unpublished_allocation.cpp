// SPDX-License-Identifier: Apache-2.0
// Published with release, found with acquire: the new object is complete.
// verdict: clean 20/20
#include <atomic>

#include <snag/snag.h>

struct image {
  image() { width = 640; }
  int width;
};

std::atomic<image*> current = nullptr;

int main() {
  snag::wait_group wg;
  wg.go([] { current.store(new image, std::memory_order_release); });
  image* i = nullptr;
  while ((i = current.load(std::memory_order_acquire)) == nullptr) snag::yield();
  int seen = i->width;
  wg.wait();
  delete i;
  return seen != 640;
}
