// SPDX-License-Identifier: Apache-2.0
// Two initialisers, each of which begins by wanting what the other one makes.
// verdict: leak 20/20
// shape: lock cycle
#include <mutex>
#include <thread>

#include "look.h"

std::once_flag configuration, logger;
meeting both(2);

void read_configuration();
void open_log() {
  both.arrive();
  std::call_once(configuration, read_configuration);
}
void read_configuration() {
  both.arrive();
  std::call_once(logger, open_log);
}

int main() {
  std::thread([] { std::call_once(configuration, read_configuration); }).detach();
  std::thread([] { std::call_once(logger, open_log); }).detach();
  await_finding();
}
