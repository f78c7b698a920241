// SPDX-License-Identifier: Apache-2.0
// Workers report their error in one shared variable instead.
// Lesson: two failures at once are a race, even where any of them would do; send errors through a channel.
// verdict: race 20/20
// race: first_error
#include <string>

#include <snag/snag.h>

int main() {
  int first_error = 0;
  snag::wait_group wg;
  for (int id = 1; id <= 2; ++id) {
    wg.go([&, id] {
      if (first_error == 0) first_error = id;  // <- 1 2
    });
  }
  wg.wait();
  snag::println("some worker failed: {}", first_error != 0);
}
