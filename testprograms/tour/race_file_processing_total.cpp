// SPDX-License-Identifier: Apache-2.0
// The exercise with a shared total instead of a channel of results.
// Lesson: `total += words` in several goroutines is the racy counter again.
// verdict: race 20/20
// race: total_words
#include <snag/snag.h>

int main() {
  const int words_in_file[] = {120, 80, 300};
  int total_words = 0;
  snag::wait_group wg;
  for (int words : words_in_file) {
    wg.go([&, words] { total_words += words; });  // <- 1 2
  }
  wg.wait();
  snag::println("Total words across all files: {}", total_words);
}
