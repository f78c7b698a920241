// SPDX-License-Identifier: Apache-2.0
// A token is announced, with the tokens locked, on a channel that is full; its keeper has just taken a tick
// and wants the lock to delete old ones.
// shape: mixed cycle
// dead: assign, delete_old, main (a ticker goes on ticking)
#include <chrono>
#include <mutex>
#include <vector>

#include <snag/snag.h>

using namespace std::chrono_literals;

struct token_keeper {
  snag::mutex mu;
  snag::chan<int> added{1};
  snag::chan<void> stop;
  std::vector<int> tokens;

  void assign(int token) {
    std::lock_guard hold(mu);
    tokens.push_back(token);
    added << token;  // <- dead 1
  }
  void delete_old() {
    std::lock_guard hold(mu);  // <- dead 1
    tokens.clear();
  }
  void run() {
    snag::ticker every(1ms);
    while (snag::select(snag::on_recv(added), snag::on_recv(every.c(), [&] { delete_old(); }),
                        snag::on_recv(stop)) != 2) {
    }
    every.stop();
  }
};

int main() {
  token_keeper k;
  snag::wait_group keeper, users;
  keeper.go([&] { k.run(); });
  users.go([&] {
    for (int token = 0; token < 9; ++token) {
      if (token % 3 == 0) snag::sleep_for(1ms);
      k.assign(token);
    }
  });
  users.wait();  // <- dead 1
  k.stop.close();
  keeper.wait();
}
