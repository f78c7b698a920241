// SPDX-License-Identifier: Apache-2.0
// Main joins a thread while it holds a mutex that the thread takes, too.
// verdict: clean 20/20
// predicted: mixed cycle
#include "../beside.h"

mutex m;

int main() {
  turns turn;
  std::thread worker([&] {
    m.lock();  // <- 1
    m.unlock();
    turn.next();
  });
  turn.wait_for(1);
  m.lock();
  worker.join();  // <- 2
  m.unlock();
}
