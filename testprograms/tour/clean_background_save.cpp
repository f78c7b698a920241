// SPDX-License-Identifier: Apache-2.0
// A one-shot closure in the background that tells its result through a channel.
// Lesson: the closure owns its work; the channel carries the result and the order.
// verdict: clean 20/20
// stdout: saving
// stdout: saved 5 entries
#include <string>
#include <vector>

#include <snag/snag.h>

int main() {
  std::vector<std::string> state = {"a", "b", "c", "d", "e"};
  snag::chan<std::size_t> saved;
  snag::go([state = std::move(state), saved] {
    snag::println("saving");
    saved << state.size();
  });
  snag::println("saved {} entries", saved.recv());
}
