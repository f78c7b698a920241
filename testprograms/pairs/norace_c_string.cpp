// SPDX-License-Identifier: Apache-2.0
// The text in front of the terminator is read; what lies behind it may be written.
// verdict: clean 20/20
#include <cstring>

#include <snag/snag.h>

char name[32] = "gopher";

int main() {
  snag::wait_group wg;
  wg.go([] { std::strcpy(name + 10, "go"); });
  std::size_t length = std::strlen(name);
  wg.wait();
  return length != 6;
}
