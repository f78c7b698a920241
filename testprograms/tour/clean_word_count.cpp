// SPDX-License-Identifier: Apache-2.0
// Words are counted over several files, one goroutine each, into one table behind a mutex.
// Lesson: put the data and its lock into one class, and let every method take the lock.
// verdict: clean 20/20
// stdout: ^go: 6\nsnag: 3\nthe: 9\n$
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <mutex>
#include <string>

#include <snag/snag.h>

namespace fs = std::filesystem;

class words {
 public:
  void add(const std::string& word) {
    std::lock_guard hold(mutex_);
    ++found_[word];
  }
  template <class Visit>
  void each(Visit visit) {
    std::lock_guard hold(mutex_);
    for (const auto& [word, count] : found_) visit(word, count);
  }

 private:
  snag::mutex mutex_;
  std::map<std::string, int> found_;
};

void tally(const fs::path& file, words& dictionary) {
  std::ifstream in(file);
  for (std::string word; in >> word;) dictionary.add(word);
}

int main() {
  char place[] = "/tmp/snag_words_XXXXXX";
  const fs::path folder = mkdtemp(place);
  words dictionary;
  snag::wait_group wg;
  for (int i = 0; i < 3; ++i) {
    fs::path file = folder / std::to_string(i);
    std::ofstream(file) << "the go the\nsnag go the\n";
    wg.go([&, file] { tally(file, dictionary); });
  }
  wg.wait();
  fs::remove_all(folder);
  dictionary.each([](const std::string& word, int count) { snag::println("{}: {}", word, count); });
}
