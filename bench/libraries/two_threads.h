// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <thread>

namespace rows {

// `work(0)` beside `work(1)`.
template <class Work>
void in_two(Work work) {
  std::thread other([&] { work(1); });
  work(0);
  other.join();
}

}  // namespace rows
