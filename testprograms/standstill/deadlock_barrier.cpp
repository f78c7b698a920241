// SPDX-License-Identifier: Apache-2.0
// A barrier for one more than there are.
// verdict: deadlock 20/20
// shape: orphan
#include <barrier>
#include <thread>

std::barrier everybody(3);

int main() {
  std::thread worker([] { everybody.arrive_and_wait(); });
  everybody.arrive_and_wait();
  worker.join();
}
