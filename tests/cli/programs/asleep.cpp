// SPDX-License-Identifier: Apache-2.0
#include <snag/chan.h>

int main() {
  snag::chan<int> never;
  return never.recv();
}
