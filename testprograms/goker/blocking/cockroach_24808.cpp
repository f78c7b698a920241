// SPDX-License-Identifier: Apache-2.0
// A suggestion has filled the channel before the compactor starts, whose first step is to send one itself.
// shape: orphan
// dead: start, called by main
#include <snag/snag.h>

struct compactor {
  snag::chan<void> suggestions{1};
  snag::wait_group running;

  void start() {
    suggestions.send();  // <- dead 1
    running.go([suggestions = suggestions] {
      while (suggestions.next()) {
      }
    });
  }
};

int main() {
  compactor c;
  c.suggestions.send();
  c.start();
  c.suggestions.close();
  c.running.wait();
}
