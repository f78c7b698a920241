// SPDX-License-Identifier: Apache-2.0
// Workers take every third element, each from its own start.
// verdict: clean 20/20
#include <vector>

#include <snag/snag.h>

int main() {
  std::vector<double> scores(30);
  snag::wait_group wg;
  for (std::size_t first : {0, 1, 2}) {
    wg.go([&, first] {
      for (std::size_t i = first; i < scores.size(); i += 3) scores[i] += 0.5;
    });
  }
  wg.wait();
  return scores[29] != 0.5;
}
