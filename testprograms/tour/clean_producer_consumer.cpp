// SPDX-License-Identifier: Apache-2.0
// Exercise: one producer of numbers, three consumers, one channel between them.
// Lesson: the channel distributes the work and its close ends it. The numbers come from a seeded generator.
// verdict: clean 20/20
// stdout: Producing: \d+
// stdout: Consumer [123] processing: \d+
// stdout: All work completed: 10 of 10
#include <atomic>
#include <chrono>
#include <random>

#include <snag/snag.h>

using namespace std::chrono_literals;

void producer(snag::send_chan<int> out, int count, unsigned seed) {
  snag::defer leave([&] { out.close(); });
  std::minstd_rand random(seed);
  for (int i = 0; i < count; ++i) {
    int number = static_cast<int>(random() % 100);
    snag::println("Producing: {}", number);
    out << number;
    snag::sleep_for(2ms);
  }
}

int main() {
  snag::chan<int> data;
  std::atomic<int> processed = 0;
  snag::wait_group wg;
  wg.go([=] { producer(data, 10, 7); });
  for (int id = 1; id <= 3; ++id) {
    wg.go([=, &processed] {
      for (int number : data) {
        snag::println("Consumer {} processing: {}", id, number);
        snag::sleep_for(3ms);
        ++processed;
      }
    });
  }
  wg.wait();
  snag::println("All work completed: {} of 10", processed.load());
}
