// SPDX-License-Identifier: Apache-2.0
// Strings and vectors travel by move: each side works on its own object, also through a rendezvous.
// verdict: clean 20/20
#include <string>
#include <vector>

#include <snag/snag.h>

int main() {
  snag::chan<std::vector<std::string>> unbuffered, buffered(2);
  std::size_t letters = 0;
  snag::wait_group wg;
  wg.go([=] {
    for (int i = 0; i < 5; ++i) {
      std::vector<std::string> batch(3, std::string(20, 'a'));
      unbuffered << batch;
      batch[0] = "mine again";
    }
    unbuffered.close();
  });
  wg.go([=] {
    for (auto& batch : unbuffered) {
      batch[1] += "b";
      buffered << std::move(batch);
    }
    buffered.close();
  });
  for (auto& batch : buffered) {
    for (auto& s : batch) letters += s.size();
  }
  wg.wait();
  return letters != 305;
}
