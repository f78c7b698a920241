// SPDX-License-Identifier: Apache-2.0
// The word count without the mutex: several goroutines insert into one table.
// Lesson: a container is not safe for concurrent writers, whatever their keys.
// verdict: race 20/20
// race: found_ words
#include <map>
#include <sstream>
#include <string>

#include <snag/snag.h>

class words {
 public:
  void add(const std::string& word) { ++found_[word]; }  // <- 1 2
  std::size_t size() const { return found_.size(); }

 private:
  std::map<std::string, int> found_;
};

void tally(const std::string& text, words& dictionary) {
  std::istringstream in(text);
  for (std::string word; in >> word;) dictionary.add(word);
}

int main() {
  words dictionary;
  snag::chan<void> turn(1);
  snag::wait_group wg;
  wg.go([&] {
    tally("the quick brown fox", dictionary);
    turn.send();
  });
  wg.go([&] {
    while (turn.len() == 0) snag::yield();
    tally("jumps over the lazy dog", dictionary);
  });
  wg.wait();
  snag::println("{} words", dictionary.size());
}
