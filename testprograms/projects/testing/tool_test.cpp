// SPDX-License-Identifier: Apache-2.0
#include <thread>

namespace {
int lines = 0;
}

int main() {
  std::thread other([] { ++lines; });
  ++lines;
  other.join();
}
