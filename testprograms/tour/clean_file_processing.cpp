// SPDX-License-Identifier: Apache-2.0
// Exercise: each file in a goroutine of its own, results collected through a buffered channel.
// Lesson: collect exactly as many results as there are goroutines. Work is simulated from an injected seed.
// verdict: clean 20/20
// args: 11
// stdout: Processed file5.txt in \d+ ms: \d+ words
// stdout: Error processing file3.txt: permission denied
// stdout: Total words across 4 files: \d+
#include <chrono>
#include <cstdlib>
#include <random>
#include <string>
#include <vector>

#include <snag/snag.h>

using namespace std::chrono_literals;

struct outcome {
  std::string file;
  int words = 0;
  std::string error;
};

outcome process(const std::string& file, unsigned seed) {
  std::minstd_rand random(seed);
  auto time = static_cast<int>(random() % 20) * 1ms;
  snag::sleep_for(time);
  if (file == "file3.txt") return {file, 0, "permission denied"};
  int words = static_cast<int>(random() % 1000);
  snag::println("Processed {} in {} ms: {} words", file, time.count(), words);
  return {file, words, ""};
}

int main(int argc, char** argv) {
  unsigned seed = argc > 1 ? static_cast<unsigned>(std::atoi(argv[1])) : 1;
  std::vector<std::string> files;
  for (int i = 1; i <= 5; ++i) files.push_back("file" + std::to_string(i) + ".txt");
  snag::chan<outcome> results(files.size());
  for (std::size_t i = 0; i < files.size(); ++i) {
    snag::go([=, file = files[i]] { results << process(file, seed + static_cast<unsigned>(i)); });
  }
  int total = 0, good = 0;
  for (std::size_t i = 0; i < files.size(); ++i) {
    outcome o = results.recv();
    if (!o.error.empty()) {
      snag::println("Error processing {}: {}", o.file, o.error);
      continue;
    }
    ++good;
    total += o.words;
  }
  snag::println("Total words across {} files: {}", good, total);
}
