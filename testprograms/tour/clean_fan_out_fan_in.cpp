// SPDX-License-Identifier: Apache-2.0
// Ten numbers, three workers of different speed, one merged stream of results.
// Lesson: several goroutines may receive from one channel; a wait group knows when to close the merged one.
// verdict: clean 20/20
// stdout: Worker [123] processed 10 -> 100
// stdout: sum of the results: 550
#include <chrono>
#include <vector>

#include <snag/snag.h>

using namespace std::chrono_literals;

snag::recv_chan<int> worker(int id, snag::recv_chan<int> input) {
  snag::chan<int> output;
  snag::go([=] {
    for (int value : input) {
      snag::sleep_for(id * 2ms);
      int result = value * 10;
      snag::println("Worker {} processed {} -> {}", id, value, result);
      output << result;
    }
    output.close();
  });
  return output;
}

snag::recv_chan<int> fan_in(const std::vector<snag::recv_chan<int>>& channels) {
  snag::chan<int> merged;
  snag::wait_group wg;
  for (const auto& c : channels) {
    wg.go([=] {
      for (int value : c) merged << value;
    });
  }
  snag::go([=]() mutable {
    wg.wait();
    merged.close();
  });
  return merged;
}

int main() {
  snag::chan<int> source;
  snag::go([=] {
    for (int i = 1; i <= 10; ++i) source << i;
    source.close();
  });
  std::vector<snag::recv_chan<int>> results;
  for (int id = 1; id <= 3; ++id) results.push_back(worker(id, source));
  int sum = 0;
  for (int result : fan_in(results)) {
    snag::println("Result: {}", result);
    sum += result;
  }
  snag::println("sum of the results: {}", sum);
}
