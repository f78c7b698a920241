// SPDX-License-Identifier: Apache-2.0
// A semaphore that everybody can reach, and nobody who is left to release it.
// verdict: deadlock 20/20
// shape: orphan
#include <semaphore>
#include <thread>

std::counting_semaphore<> jobs(0);

int main() {
  std::thread worker([] { jobs.acquire(); });
  worker.join();
}
