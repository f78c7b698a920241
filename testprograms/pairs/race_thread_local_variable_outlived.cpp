// SPDX-License-Identifier: Apache-2.0
// A detached thread works on a local variable of the function that started it.
// verdict: race 20/20
// race: total
#include <functional>
#include <future>
#include <thread>

std::promise<void> done;

void add(int& total) {
  total += 1;  // <- 1
  done.set_value();
}

void start() {
  int total = 0;
  std::thread(add, std::ref(total)).detach();
}  // <- 2

int main() {
  start();
  done.get_future().wait();
}
