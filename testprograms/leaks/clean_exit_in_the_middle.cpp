// SPDX-License-Identifier: Apache-2.0
// main calls exit while somebody waits to receive from a channel that a local static names. Its destructor
// takes the last handle along, when nobody can miss it any more.
// verdict: clean 20/20
#include <snag/snag.h>

#include <cstdlib>

namespace {

snag::chan<int>& kept() {
  static snag::chan<int> numbers;
  return numbers;
}

}  // namespace

int main() {
  snag::go([r = snag::recv_chan<int>(kept())]() mutable { r.recv(); });
  for (int i = 0; i < 50; ++i) snag::yield();
  std::exit(0);
}
