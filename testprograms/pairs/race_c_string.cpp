// SPDX-License-Identifier: Apache-2.0
// strlen reads up to the terminator that another goroutine is moving.
// verdict: race 20/20
// race: name
#include <cstring>

#include <snag/snag.h>

char name[32] = "gopher";

int main() {
  snag::wait_group wg;
  wg.go([] { std::strcpy(name, "go"); });  // <- 1
  std::size_t length = std::strlen(name);  // <- 2
  wg.wait();
  return length == 30;
}
