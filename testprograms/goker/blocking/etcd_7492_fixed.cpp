// SPDX-License-Identifier: Apache-2.0
// The token is announced after the lock is given back.
// verdict: clean 20/20
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
    {
      std::lock_guard hold(mu);
      tokens.push_back(token);
    }
    added << token;
  }
  void delete_old() {
    std::lock_guard hold(mu);
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
  users.wait();
  k.stop.close();
  keeper.wait();
}
