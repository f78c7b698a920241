// SPDX-License-Identifier: Apache-2.0
// The pointer travels through a relaxed atomic: the constructor's writes are not ordered before the reader.
// verdict: race 20/20
// race: width image
#include <atomic>

#include <snag/snag.h>

struct image {
  image() { width = 640; }  // <- 1
  int width;
};

std::atomic<image*> current = nullptr;

int main() {
  snag::wait_group wg;
  wg.go([] { current.store(new image, std::memory_order_relaxed); });  // <- 1
  image* i = nullptr;
  while ((i = current.load(std::memory_order_relaxed)) == nullptr) snag::yield();
  int seen = i->width;  // <- 2
  wg.wait();
  delete i;
  return seen == 7;
}
