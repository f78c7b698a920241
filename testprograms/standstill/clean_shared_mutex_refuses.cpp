// SPDX-License-Identifier: Apache-2.0
// std::shared_mutex tells a writer that would wait for itself.
// verdict: clean 20/20
// stdout: refused: lock, lock_shared
#include <cstdio>
#include <mutex>
#include <shared_mutex>
#include <system_error>
#include <thread>

std::shared_mutex table;

int main() {
  std::thread([] {
    const std::unique_lock write(table);
    bool refused[2] = {false, false};
    try {
      table.lock();
    } catch (const std::system_error&) {
      refused[0] = true;
    }
    try {
      table.lock_shared();
    } catch (const std::system_error&) {
      refused[1] = true;
    }
    std::printf("refused:%s%s\n", refused[0] ? " lock," : "", refused[1] ? " lock_shared" : "");
  }).join();
}
