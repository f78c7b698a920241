// SPDX-License-Identifier: Apache-2.0
// set_value delivers at once; what the thread's thread_local object still adds at its end is not ordered.
// verdict: race 20/20
// race: log_size
#include <future>
#include <thread>

int log_size = 0;

struct buffered_log {
  int lines = 0;
  ~buffered_log() { log_size += lines; }  // <- 1
};
thread_local buffered_log log_of_thread;

int main() {
  std::promise<int> promise;
  std::future<int> answer = promise.get_future();
  std::thread worker([&] {
    log_of_thread.lines = 3;
    promise.set_value(42);
  });
  int seen = answer.get() + log_size;  // <- 2
  worker.join();
  return seen == 7;
}
