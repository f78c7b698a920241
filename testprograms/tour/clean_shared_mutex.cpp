// SPDX-License-Identifier: Apache-2.0
// One writer and three readers of a map: readers share the lock, the writer excludes everybody.
// Lesson: where reads are frequent, std::shared_lock for reading and std::unique_lock for writing.
// verdict: clean 20/20
// stdout: Written: 4
// stdout: Reader 2: data has 5 entries
#include <chrono>
#include <map>
#include <mutex>
#include <shared_mutex>
#include <string>

#include <snag/snag.h>

using namespace std::chrono_literals;

int main() {
  snag::shared_mutex mu;
  std::map<std::string, std::string> data;
  snag::wait_group wg;
  wg.go([&] {
    for (int i = 0; i < 5; ++i) {
      {
        std::unique_lock hold(mu);
        data["key" + std::to_string(i)] = "value" + std::to_string(i);
        snag::println("Written: {}", i);
      }
      snag::sleep_for(10ms);
    }
  });
  for (int id = 0; id < 3; ++id) {
    wg.go([&, id] {
      for (int i = 0; i < 12; ++i) {
        {
          std::shared_lock hold(mu);
          snag::println("Reader {}: data has {} entries", id, data.size());
        }
        snag::sleep_for(5ms);
      }
    });
  }
  wg.wait();
}
