// SPDX-License-Identifier: Apache-2.0
// Workers send either a value or an error; main handles both in order.
// Lesson: an error is a value and travels like one.
// verdict: clean 20/20
// stdout: ^Worker 0 returned error: worker 0 failed\nWorker 1 returned value: 10\nWorker 2 returned value: 20\n
// stdout: Worker 3 returned error: worker 3 failed\nWorker 4 returned value: 40\n$
#include <chrono>
#include <string>
#include <vector>

#include <snag/snag.h>

using namespace std::chrono_literals;

struct result {
  int value = 0;
  snag::error err;
};

snag::recv_chan<result> worker(int id) {
  snag::chan<result> results;
  snag::go([=] {
    snag::defer leave([&] { results.close(); });
    snag::sleep_for(id * 5ms);
    if (id % 3 == 0) {
      results << result{0, snag::error("worker " + std::to_string(id) + " failed")};
      return;
    }
    results << result{id * 10, {}};
  });
  return results;
}

int main() {
  std::vector<snag::recv_chan<result>> all;
  for (int id = 0; id < 5; ++id) all.push_back(worker(id));
  for (std::size_t i = 0; i < all.size(); ++i) {
    result r = all[i].recv();
    if (r.err) {
      snag::println("Worker {} returned error: {}", i, r.err);
    } else {
      snag::println("Worker {} returned value: {}", i, r.value);
    }
  }
}
