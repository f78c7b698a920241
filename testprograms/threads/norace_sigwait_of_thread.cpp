// SPDX-License-Identifier: Apache-2.0
// A thread that waits for signals of its own is told by pthread_kill that the settings have changed.
// verdict: clean 20/20
#include <pthread.h>
#include <signal.h>

#include <string>
#include <thread>

std::string settings = "none";

int main() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGHUP);
  sigaddset(&set, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  std::thread reader([&set] {
    for (;;) {
      int number = 0;
      sigwait(&set, &number);
      if (number == SIGTERM) return;
      settings += ", seen";
    }
  });
  settings = "new";
  pthread_kill(reader.native_handle(), SIGHUP);
  pthread_kill(reader.native_handle(), SIGTERM);
  reader.join();
  return settings != "new, seen";
}
