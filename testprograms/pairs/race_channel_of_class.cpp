// SPDX-License-Identifier: Apache-2.0
// The sent string is a copy; the original is read by the send while another goroutine changes it.
// verdict: race 20/20
// race: title
#include <string>

#include <snag/snag.h>

int main() {
  std::string title = "short";
  snag::chan<std::string> c(1);
  snag::wait_group wg;
  wg.go([&] { title = "other"; });  // <- 1
  c << title;                       // <- 2
  wg.wait();
  return c.recv() == "seven";
}
