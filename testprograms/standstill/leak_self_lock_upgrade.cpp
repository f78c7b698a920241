// SPDX-License-Identifier: Apache-2.0
// Whoever reads asks to write as well, and waits for himself to stop reading.
// verdict: leak 20/20
// shape: self-lock
#include <mutex>
#include <shared_mutex>
#include <thread>

#include "look.h"

std::shared_mutex table;
int rows = 0;

int main() {
  std::thread([] {
    const std::shared_lock read(table);
    if (rows != 0) return;
    const std::unique_lock write(table);
    ++rows;
  }).detach();
  await_finding();
}
