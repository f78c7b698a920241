// SPDX-License-Identifier: Apache-2.0
// Everybody gets a reference to one result, and writes in it.
// verdict: race 20/20
// race: visits guide
#include <future>
#include <thread>

struct guide {
  int pages = 10;
  int visits = 0;
};

int main() {
  std::promise<guide> promise;
  std::shared_future<guide> published = promise.get_future().share();
  int read[2] = {};
  const auto read_it = [&read, published](int reader) {
    guide& g = const_cast<guide&>(published.get());
    g.visits++;  // <- 1 2
    read[reader] = g.pages;
  };
  std::thread a(read_it, 0), b(read_it, 1);
  promise.set_value({});
  a.join();
  b.join();
  return read[0] + read[1] != 20;
}
