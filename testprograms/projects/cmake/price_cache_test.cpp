// SPDX-License-Identifier: Apache-2.0
// Passes, nearly always, whether or not the cache has a race.
#include <cstdio>
#include <thread>

#include "price_cache.h"

int main() {
  price_cache cache;
  cache.price_of(3);
  const auto ask = [&] { cache.price_of(3); };
  std::thread first(ask), second(ask);
  first.join();
  second.join();
  std::printf("%d hits\n", cache.hits());
  return cache.price_of(3) == 121 ? 0 : 1;
}
