// SPDX-License-Identifier: Apache-2.0
// A future that is kept does not wait until its end of life: the next line runs beside the call.
// verdict: race 20/20
// race: saved
#include <future>

int main() {
  int saved = 0;
  const auto save = [&] { saved = 1; };  // <- 1
  const auto pending = std::async(std::launch::async, save);
  int seen = saved;  // <- 2
  pending.wait();
  return seen > 1;
}
